/** Said once when an answer cannot be used; %PROBLEM% is what was wrong with it. */
export const repair = `Your answer could not be used.
%PROBLEM%
Give the whole answer again, corrected: one JSON object of the schema and nothing else. Copy quotes exactly from the event that you name, from one stretch without a cut, 12 to 300 characters; leave out what you cannot quote. Do not change your judgement to make quotes fit.`;
