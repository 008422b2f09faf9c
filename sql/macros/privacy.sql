-- What a kind of trouble is called at a level of privacy (aggregate, redacted, full). A signature is text of a
-- transcript: where no such text may stand, or where it would be what a person typed, the rule that found it stands.
create macro shown_signature(category, signature, rule_id, privacy) as case
  when privacy = 'aggregate' or (privacy = 'redacted' and category = 'user_confusion') then coalesce(rule_id, '')
  else coalesce(signature, '')
end;
