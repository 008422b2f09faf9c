import { isObject, type Json } from '../../core/json.ts';
import { canonical, digest } from '../shared/keys.ts';

interface OpenCall {
  /** The written id, or one that is unique in the session where the written one came before. */
  readonly callId: string;
  readonly signature: string;
}

/** Calls whose results are still to come, and the durations that telemetry tells: by name and arguments, since it names no call. */
export class Calls {
  /** The event of each call, by the id that it got. */
  readonly #events = new Map<string, string>();
  readonly #open = new Map<string, OpenCall>();
  #durations = new Map<string, (number | null)[]>();

  /**
   * The call's id, unique in the session: some back ends count their calls anew in every response. `event` is the key of
   * the call's event: a line that is written twice opens no second call.
   */
  open(id: string, event: string, name: string, input: Json | undefined): string {
    let callId = id;
    for (
      let known = this.#events.get(callId);
      known !== undefined && known !== event;
      known = this.#events.get(callId)
    ) {
      callId = callId === id ? `${event}/${id}` : `${callId}:2`;
    }
    this.#events.set(callId, event);
    this.#open.set(id, { callId, signature: signatureOf(name, input) });
    return callId;
  }

  /** The latest call with this id, and how long telemetry says that it took. */
  resultOf(id: string): { readonly callId: string; readonly durationS: number | null } {
    const call = this.#open.get(id);
    if (call === undefined) return { callId: id, durationS: null };
    return { callId: call.callId, durationS: this.#durations.get(call.signature)?.shift() ?? null };
  }

  /** Telemetry of a call comes before its result; null where it does not know the duration. */
  took(name: string, input: Json | undefined, seconds: number | null): void {
    const signature = signatureOf(name, input);
    const known = this.#durations.get(signature);
    if (known === undefined) this.#durations.set(signature, [seconds]);
    else known.push(seconds);
  }

  /** What no result took belongs to no later call either. */
  forgetDurations(): void {
    if (this.#durations.size > 0) this.#durations = new Map();
  }
}

function signatureOf(name: string, input: Json | undefined): string {
  return digest(`${name}\n${canonical(isObject(input) ? input : null)}`);
}
