/** Goes into every label: scores that were given under different words are not the same measurement. */
export const GUIDELINE_VERSION = '1';

/** What a person who labels is told before the first session. */
export const guideline: readonly string[] = [
  'Did the session do what its user asked, as far as the transcript can prove? A claim is no proof.',
  '  5  every request met, and a check after the last change shows it (tests, build, run, or the user accepts it)',
  '  4  all main requests met and the main one checked; what is missing is small and said',
  '  3  the core met in part, or everything claimed and nothing checked',
  '  2  work towards the goal with little usable result, or something else delivered without agreement',
  '  1  no progress, given up, harmful, or against what the user said',
  '  n  cannot tell: no goal, or too little to see',
  'Taste, cost, speed and politeness do not count.',
];
