/** The program, then the model, then the company: longer names first, because `Claude Code` begins as a model does. */
const masks: readonly (readonly [RegExp, string])[] = [
  [
    /(?<![A-Za-z0-9-])(?:claude[ _-]?code|codex(?:[ _-]cli)?|gemini[ _-]cli|qwen[ _-]code|(?:github[ _-])?copilot(?:[ _-](?:cli|chat))?|opencode|cursor[ _-](?:agent|cli|composer)|roo[ _-]?code|kilo[ _-]?code|cline|aider|windsurf|gptme|factory droid|ampcode)(?![a-z])/gi,
    '[agent]',
  ],
  [
    /(?<![A-Za-z0-9])(?:(?:claude|gemini)(?:[-_@:/][\w.@:/-]*[\w])?(?: (?:\d+(?:\.\d+)?(?: (?:opus|sonnet|haiku|pro|flash|ultra))?|(?:opus|sonnet|haiku|instant|pro|flash|ultra)(?: \d+(?:\.\d+)?)?)(?![\w]))?|(?:opus|sonnet|haiku)[ -]\d+(?:[.-]\d+)?|chat[ -]?gpt(?:-[\w.-]*\w)?|gpt-?(?:\d|oss)(?:[\w.-]*\w)?|o[134]-(?:mini|pro|preview)(?:-[\w-]*\w)?|(?:qwen|qwq|deepseek|kimi|devstral|codestral|magistral|mixtral)(?:[\w.-]*\w)?|(?:llama|mistral|grok|glm|minimax|gemma|command-r|phi)-?\d(?:[\w.-]*\w)?|(?:mistral|grok)-[a-z][\w.-]*)/gi,
    '[model]',
  ],
  [/(?<![A-Za-z0-9])(?:anthropic|openai|deepmind|moonshot ?ai|mistral ai|x\.ai|xai)(?![a-z])/gi, '[vendor]'],
];

/**
 * A text without names of agents, models and their makers, so that a judge cannot tell its own kind (judge.md 3.7). `own`: the
 * models of the session as the store has them, for names that nobody had heard of when this was written.
 */
export function maskNames(text: string, own: readonly string[]): string {
  const masked = own
    .filter((name) => name.length >= 4)
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .reduce((shown, name) => shown.replaceAll(name, '[model]'), text);
  return masks.reduce((shown, [pattern, mask]) => shown.replaceAll(pattern, mask), masked);
}
