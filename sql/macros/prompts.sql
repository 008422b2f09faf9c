-- What a person wrote in own words: without code, tags, quotes, and lines that look pasted (logs, traces, tables).
create macro own_words(text) as regexp_replace(
  regexp_replace(
    regexp_replace(
      replace(text, '’', ''''),
      '```[\s\S]*?(?:```|$)|<(?:[A-Za-z][\w-]*)(?:\s[^>]*)?>[\s\S]*?</[\w-]+>', E'\n', 'g'
    ),
    '`[^`\n]*`|"[^"\n]*"|“[^”]*”|«[^»]*»|„[^“”]*[“”]|((?:^|[\s(]))''[^''\n]{2,}''', '\1 ', 'g'
  ),
  '(?m)^(?:[>|+$#%@]|\s{4,}\S|\t|\s*(?:\d{4}-\d\d-\d\d|\[?\d\d:\d\d:\d\d|\[\d|at \S+ \(|File |Traceback|\[?(?:ERROR|WARN|INFO'
  || '|DEBUG|TRACE|FATAL)\b|\w*(?:Error|Exception):|error:|npm (?:ERR|error)|https?://|[✓✗×✔✖❌])).*$',
  '', 'g'
);

-- The first sentences of own words, one a line; `No. Not that.` is one.
create macro first_sentences(said) as array_to_string(
  [
    sentence
    for sentence in [
      regexp_replace(trim(line, E' \t\r'), '^(?:[-*•]+\s+|\d+[.)]\s+)+', '')
      for line in string_split(
        regexp_replace(said, '([\w)]{3,}[.!?…]+)[ \t]+', E'\\1\n', 'g'), E'\n'
      )
    ]
    if sentence <> ''
  ][:6],
  E'\n'
);

-- The words of a text, each once, in lower case.
create macro words_in(text) as list_distinct(regexp_extract_all(lower(text), '[\p{L}\p{N}_]{3,}|\b[0-9]+\b'));

-- How alike two lists of words are: 1 the same, 0 nothing in common.
create macro word_overlap(words, others) as
  2.0 * len(list_intersect(words, others)) / nullif(len(words) + len(others), 0);
