/**
 * Digest of everything that decides what is a secret: a test fails when the rules say something else than when it was written down.
 * New rules derive all events again.
 */
export const rulesVersion = '1-876803187e2b4844';
