/** What a marker may call a secret: closed, so that text cannot pass for a marker by inventing a kind. */
export const secretKinds = [
  '1password',
  'anthropic',
  'assignment',
  'authorization',
  'aws',
  'cookie',
  'databricks',
  'docker',
  'figma',
  'gcp',
  'github',
  'gitlab',
  'google',
  'grafana',
  'groq',
  'hashicorp-vault',
  'huggingface',
  'jwt',
  'linear',
  'notion',
  'npm',
  'openai',
  'other',
  'password',
  'private-key',
  'sendgrid',
  'shopify',
  'slack',
  'stripe',
  'telegram',
  'url-userinfo',
  'vercel',
] as const;

export type SecretKind = (typeof secretKinds)[number];

/** A stretch of a text that must not be shown, `end` exclusive. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly kind: SecretKind;
}
