-- A person's own words in a message: what is pasted (code, quotes) or stands far down (logs) is none.
create macro judge_own_words(message) as left(
  regexp_replace(regexp_replace(message, '```[\s\S]*?(?:```|$)|`[^`]*`', '', 'g'), '(?m)^\s*>[^\n]*$', '', 'g'), 600
);

-- The sentences of a message; a `but` begins one.
create macro judge_sentences(message) as regexp_extract_all(
  regexp_replace(judge_own_words(message), '(?i)[,;]?\s+(?:but|however)\s+', '. ', 'g'), '[^.!?\n]+[.!?]*'
);

-- A sentence that asks, supposes or orders for the future rejects nothing.
create macro judge_is_open_sentence(sentence) as
  regexp_matches(
    sentence,
    '\?|(?i:\b(?:whether|if|in case|make sure|ensure|should|so that|until|unless|test that|assert|verify|check (?:that|for))\b)'
  );

create macro judge_sentence_rejects(sentence) as
  not judge_is_open_sentence(sentence)
  and regexp_matches(
    sentence,
    '(?i)^\W*(?:(?:but|and|hmm+|sorry|ok|okay|well|no|nope|please|pls|just|thanks|thank you)\b[\s,:-]*)*(?:'
    || '(?:that|this|it)(?:[''’]?s| is| was)(?: all| still| completely| totally| just)* (?:wrong|incorrect|broken|worse|useless|terrible|awful)\b'
    || '|(?:that|this|it)(?:[''’]?s| is| was)(?: still)? not (?:right|correct|working|fixed|true|it\b|what i\b)'
    || '|(?:that|this|it) (?:isn[''’]?t|wasn[''’]?t)(?: \w+)? (?:right|correct|working|fixed|what i\b)'
    || '|(?:that|this|it)(?: still)? (?:does ?n[''’]?t|doesnt|does not|did ?n[''’]?t|did not) (?:\w+ )?(?:work|help|fix|compile|build|run)\b'
    || '|(?:(?:it|this|that|i|we|the \w+)(?:[''’](?:s|m|re))?(?: \w+)? )?still (?:\w+ )?'
    || '(?:fail\w*|broken|crash\w*|wrong|getting|see(?:ing)?|not work\w*|does ?n[''’]?t|doesnt|happen\w*|an? error|the same (?:error|problem|issue|bug))\b'
    || '|(?:same|another) (?:error|problem|issue|bug)(?: again| as before)?\W*$'
    || '|(?:revert|undo|roll ?back) (?:that|this|it|your|everything|all (?:of )?(?:that|this|your)|(?:the|those|these)(?: last| previous)? (?:change|edit|commit)s?)\b'
    || '|you (?:broke|ruined|messed|destroyed|misunderstood|ignored (?:my|what)|are wrong|made it worse)\b'
    || '|wrong\b|incorrect\b|stop\W*$|stop (?:doing|it|that)\b|i (?:didn[''’]?t|did not|never) (?:ask|want|tell|say)\b'
    || '|(?:that|this|it)(?:[''’]?s| is) not what\b'
    || ')'
    || '|\bnot what i (?:asked|wanted|meant|said|need)'
    || '|^\W*(?:falsch\b|nein,? (?:das|so)\b|(?:das|es) (?:ist falsch|stimmt nicht|geht (?:immer noch )?nicht|funktioniert (?:immer noch )?nicht))'
    || '|^\W*(?:esto |eso )?(?:sigue sin funcionar|no funciona)|^\W*(?:ça|cela) ne (?:marche|fonctionne)|^\W*não funciona'
    || '|^\W*(?:всё ещё |все еще |опять |это )?(?:не работает|неправильно)|^\W*(?:不对|不行|还是不|這不對)|^\W*(?:違います|まだ動)'
  );

-- Whether a person's message rejects what was done before it. Praise without a `but` rejects nothing.
create macro judge_rejects(message) as
  len([sentence for sentence in judge_sentences(message) if judge_sentence_rejects(sentence)]) > 0
  and (
    not regexp_matches(message, '(?i)\b(?:works? (?:now|great|fine|perfectly)|looks? good|lgtm|perfect|never ?mind|all good)\b')
    or regexp_matches(message, '(?i)\b(?:but|still|however|except)\b')
  );
