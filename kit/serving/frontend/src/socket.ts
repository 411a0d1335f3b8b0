// The websocket to the kernel, which is opened again for as long as the page lives.

import { deserialize, serialize } from "@jupyterlab/services/lib/kernel/serialize";
import type { KernelMessage } from "@jupyterlab/services";
import { kernelUrl, token, type PageConfig } from "./config";

export type SocketState = "connecting" | "connected" | "dead";
/** Why there is no way back: the kernel is gone, it was restarted empty, or it is not ours (any more). */
export type DeathCause = "gone" | "restarted" | "forbidden";
type Verdict = "alive" | "gone" | "forbidden" | "unreachable";

export interface SocketListener {
  /** `first`: of all that were tried, so that nothing can have been missed. */
  opened(first: boolean): void;
  received(message: KernelMessage.IMessage): void;
  changed(state: SocketState): void;
  died(cause: DeathCause): void;
}

const PROTOCOL = "v1.kernel.websocket.jupyter.org";
const FIRST_WAIT = 250; // ms, doubled after every failure …
const LONGEST_WAIT = 5_000; // … up to here
const HANDSHAKE = 10_000; // ms; the server greets the kernel first
const ANSWER = 5_000; // ms for "does my kernel live?"
const LEAVING = 30_000; // ms; a page that is being left has ended its kernel and must not ask for it

export class KernelSocket {
  readonly #config: PageConfig;
  readonly #listener: SocketListener;
  readonly #sessionId: string;
  #socket: WebSocket | null = null;
  #state: SocketState | null = null;
  #tries = 0;
  #failures = 0;
  #timer = 0;
  #asking = false;
  #stopped = false;
  #quietUntil = 0;

  /** `sessionId`: by it the server knows a returning page and hands over what it kept for it. */
  constructor(config: PageConfig, sessionId: string, listener: SocketListener) {
    this.#config = config;
    this.#sessionId = sessionId;
    this.#listener = listener;
  }

  get connected(): boolean {
    return this.#state === "connected";
  }

  open(): void {
    this.#become("connecting");
    this.#tries++;
    const socket = new WebSocket(this.#address(), [PROTOCOL]);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#later(HANDSHAKE, () => this.drop());
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#listener.received(deserialize(data as ArrayBuffer, socket.protocol));
    socket.onclose = () => {
      if (this.#socket === socket) this.#away();
    };
  }

  send(message: KernelMessage.IMessage): void {
    this.#socket?.send(serialize(message, this.#socket.protocol));
  }

  /** The connection looks open but nothing comes through: give it up and make a new one. */
  drop(): void {
    this.#abandon();
    this.#away();
  }

  /** Do not wait for the next turn: something (network, screen) has just come back. */
  hurry(): void {
    this.#quietUntil = 0;
    if (this.#state !== "connecting") return;
    this.#abandon(); // a handshake that began on the old network
    this.#failures = 0;
    void this.#retry();
  }

  /**
   * The page may be about to go: the server ends its kernel for the one that comes. A try to connect in
   * between would be refused, and its "elsewhere" would take the person away from where they are going.
   */
  pause(): void {
    this.#quietUntil = performance.now() + LEAVING;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  die(cause: DeathCause): void {
    if (this.#stopped) return;
    this.stop();
    this.#become("dead");
    this.#listener.died(cause);
  }

  #address(): string {
    const url = new URL(`${kernelUrl(this.#config)}/channels`);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("session_id", this.#sessionId);
    const key = token();
    if (key) url.searchParams.set("token", key);
    return url.href;
  }

  #abandon(): void {
    const socket = this.#socket;
    this.#socket = null; // so that its closing is no news
    socket?.close();
  }

  #opened(): void {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#become("connected");
    this.#listener.opened(this.#tries === 1);
  }

  #away(): void {
    if (this.#stopped) return;
    this.#socket = null;
    this.#become("connecting");
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures);
    // Not all at the same moment: a room full of phones loses the network together.
    const wait = Math.max(longest * (0.5 + Math.random() / 2), this.#quietUntil - performance.now());
    this.#later(wait, () => void this.#retry());
  }

  /** A new websocket first; when that was refused, which does not say why, the server is asked. */
  async #retry(): Promise<void> {
    if (this.#asking || this.#stopped) return;
    if (this.#failures++ === 0) return this.open();
    clearTimeout(this.#timer);
    this.#asking = true;
    const verdict = await this.#ask();
    this.#asking = false;
    if (this.#stopped) return;
    if (verdict === "alive") this.open();
    else if (verdict === "unreachable") this.#away();
    else this.die(verdict);
  }

  async #ask(): Promise<Verdict> {
    const controller = new AbortController();
    const patience = setTimeout(() => controller.abort(), ANSWER);
    try {
      const key = token();
      const headers: HeadersInit = key ? { Authorization: `token ${key}` } : {};
      const response = await fetch(kernelUrl(this.#config), { headers, cache: "no-store", signal: controller.signal });
      return await verdictOf(response, this.#config);
    } catch {
      return "unreachable";
    } finally {
      clearTimeout(patience);
    }
  }

  #become(state: SocketState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#listener.changed(state);
  }

  #later(wait: number, action: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(action, wait);
  }
}

/**
 * What the server says. Only its own word counts: a hotspot's login page, a proxy's error and an empty answer come
 * from somebody on the way, whatever their status, and mean that it can't be reached just now.
 */
async function verdictOf(response: Response, config: PageConfig): Promise<Verdict> {
  if (!response.headers.get("Content-Type")?.includes("json")) return "unreachable";
  const told = (await response.json()) as { execution_state?: unknown; reason?: unknown; id?: unknown } | null;
  if (response.ok && typeof told?.execution_state === "string") return told.execution_state === "dead" ? "gone" : "alive";
  // Jupyter's refusals have a reason, if an empty one. The kit's server names the page as well, which no filter knows.
  if (told === null || typeof told !== "object" || !("reason" in told)) return "unreachable";
  if (config.leaveUrl && told.id !== config.kernelId) return "unreachable";
  if (response.status === 404 || response.status === 410) return "gone";
  return response.status === 401 || response.status === 403 ? "forbidden" : "unreachable";
}
