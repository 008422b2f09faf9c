import { UsageError } from '../../core/errors.ts';
import { priceOf, type Caps, type Price } from '../money.ts';
import type { PaceLimits } from '../pace/pacer.ts';
import { openAnthropic } from '../providers/anthropic.ts';
import { baseUrlOf, isLoopback } from '../providers/base-url.ts';
import { keyPlaces, readKey } from '../providers/key.ts';
import { openOpenAI } from '../providers/openai.ts';
import { providerNames, type Provider, type ProviderName } from '../providers/provider.ts';
import { usualLimits } from '../providers/wire.ts';
import { priceEntries, type JudgeFile } from '../settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the command line says; undefined is what it leaves to `judge.yaml` and the defaults. */
export interface PlanOptions {
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  readonly concurrency: number | undefined;
  readonly maxUsd: number | undefined;
  readonly maxCalls: number | undefined;
}

/** Who judges, at what price, and in what rhythm. */
export interface Plan {
  readonly provider: ProviderName;
  readonly model: string;
  readonly baseUrl: URL;
  /** Null where none is set: enough for a dry run, and for a server that wants none. */
  readonly key: string | null;
  readonly isLocal: boolean;
  readonly price: Price | null;
  readonly limits: PaceLimits;
  readonly caps: Omit<Caps, 'questions'>;
  readonly maxTokens: number;
  readonly effort: string | null;
}

/** Strong enough to be believed, by the figures of judge.md 2.2, and not the dearest. */
const usualModels: Readonly<Record<ProviderName, string | null>> = {
  anthropic: 'claude-sonnet-5-5',
  openai: 'gpt-5.2',
  'openai-compatible': null,
};

const CONCURRENCY = 4;
const MAX_USD = 5;
const USD_MICROS = 1_000_000;

interface PlanWorld {
  readonly env: Environment;
  readonly configDirectory: string;
  readonly nowMs: number;
}

/** Puts together what the command line, `judge.yaml` and the keys say. Throws a UsageError. */
export async function makePlan(options: PlanOptions, file: JudgeFile, world: PlanWorld): Promise<Plan> {
  const provider = await providerOf(options, file, world);
  const model = options.model ?? file.model ?? usualModels[provider];
  if (model === null) throw new UsageError('Expected --model: the name by which the server knows its model.');
  const baseUrl = baseUrlOf(provider, options.baseUrl ?? file.base_url ?? null);
  const isLocal = isLoopback(baseUrl);
  refuseUncheckedCertificates(baseUrl, world.env);
  const price = priceOf({ provider, model, isLocal, table: priceEntries(file), nowMs: world.nowMs });
  const maxUsd = options.maxUsd ?? file.max_usd ?? MAX_USD;
  return {
    provider,
    model,
    baseUrl,
    key: await readKey(provider, world.env, world.configDirectory),
    isLocal,
    price,
    limits: {
      requestsPerMinute: options.requestsPerMinute ?? file.requests_per_minute ?? null,
      tokensPerMinute: options.tokensPerMinute ?? file.tokens_per_minute ?? null,
      // One model on one machine does one thing at a time.
      concurrency: options.concurrency ?? file.concurrency ?? (isLocal ? 1 : CONCURRENCY),
    },
    caps: {
      runUsdMicros: maxUsd * USD_MICROS,
      monthUsdMicros: file.monthly_usd === undefined ? null : file.monthly_usd * USD_MICROS,
      calls: options.maxCalls ?? null,
    },
    maxTokens: file.max_tokens,
    effort: file.effort ?? null,
  };
}

/** The judge of another family that `judge.yaml` names for doubtful sessions; it spends from the same caps. */
export async function secondPlan(first: Plan, file: JudgeFile, world: PlanWorld): Promise<Plan | null> {
  if (file.second === undefined) return null;
  const { provider, model, base_url: baseUrl } = file.second;
  const options = { ...NOTHING_SAID, provider, model, baseUrl, maxCalls: first.caps.calls ?? undefined };
  return await makePlan(options, { ...file, provider, model, base_url: baseUrl }, world);
}

const NOTHING_SAID = {
  requestsPerMinute: undefined,
  tokensPerMinute: undefined,
  concurrency: undefined,
  maxUsd: undefined,
} as const;

async function providerOf(options: PlanOptions, file: JudgeFile, world: PlanWorld): Promise<ProviderName> {
  const named = providerNames.find((name) => name === options.provider) ?? null;
  if (named !== null) return named;
  if (options.provider !== undefined) {
    throw new UsageError(`Expected --provider to be one of ${providerNames.join(', ')}, got "${options.provider}".`);
  }
  if (file.provider !== undefined) return file.provider;
  if (options.baseUrl !== undefined || file.base_url !== undefined) return 'openai-compatible';
  const anthropic = await readKey('anthropic', world.env, world.configDirectory);
  if (anthropic !== null) return 'anthropic';
  return (await readKey('openai', world.env, world.configDirectory)) === null ? 'anthropic' : 'openai';
}

function refuseUncheckedCertificates({ protocol }: URL, env: Environment): void {
  if (protocol !== 'https:' || env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return;
  throw new UsageError(
    'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check of certificates off; transcripts are not sent like that.',
    'Unset it, and name a file with the certificate authority in NODE_EXTRA_CA_CERTS.',
  );
}

/** Throws a UsageError when the plan is good enough for a dry run only. */
export function refuseUnready({ provider, model, key, price, caps }: Plan): void {
  if (key === null && provider !== 'openai-compatible') {
    const { variable } = keyPlaces[provider];
    const others = provider === 'anthropic' ? ', OPENAI_API_KEY, or --base-url for a server of your own' : '';
    throw new UsageError(
      `sesh judge needs a key: set ${variable}${others}.`,
      'Everything else in sesh works without one, and `sesh judge --dry-run` shows what would be asked.',
    );
  }
  if (price === null && caps.calls === null) {
    throw new UsageError(
      `The price of "${model}" is not known.`,
      'Give --max-calls, or put the price into judge.yaml under "prices".',
    );
  }
}

/** Opens the provider; its library is loaded only here. */
export async function openProvider({ provider, baseUrl, key }: Plan): Promise<Provider> {
  const shared = { baseUrl, keyVariable: keyPlaces[provider].variable, limits: usualLimits };
  if (provider === 'anthropic') return await openAnthropic({ ...shared, key: key ?? '' });
  return await openOpenAI({ ...shared, name: provider, key });
}
