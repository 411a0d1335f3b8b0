// Messages to and from the kernel. What a cut connection may have swallowed is said again.

import type { ICallbacks } from "@jupyter-widgets/base";
import { createMessage } from "@jupyterlab/services/lib/kernel/messages";
import type { KernelMessage } from "@jupyterlab/services";
import { UUID, type JSONObject } from "@lumino/coreutils";
import { Comm } from "./comm";
import type { PageConfig } from "./config";
import { KernelSocket, type DeathCause, type SocketState } from "./socket";

export type Buffers = ArrayBuffer[] | ArrayBufferView[];
type Message = KernelMessage.IMessage;

export interface Outgoing {
  readonly type: "comm_open" | "comm_msg" | "comm_close" | "kernel_info_request";
  readonly content: JSONObject;
  readonly channel?: "shell" | "control";
  readonly metadata?: JSONObject;
  readonly buffers?: Buffers;
}

/** A message that the kernel has not dealt with yet, as far as the page knows. */
interface Open {
  readonly message: Message;
  readonly callbacks: ICallbacks;
}

export interface KernelListener {
  changed(state: SocketState): void;
  died(cause: DeathCause): void;
  /** A widget made by code that runs now, not by the cells of the page. */
  commOpened(comm: Comm, message: Message): Promise<unknown>;
  /** The connection is back, and the kernel has dealt with everything sent before. */
  restored(): void;
}

const SILENCE = 8_000; // ms without any answer to a message before the connection is doubted …
const PROOF = 4_000; // … and ms to prove itself then
const PULSE = 30_000; // ms between proofs while nobody does anything: a screen that only listens must notice, too

export class Kernel {
  readonly #socket: KernelSocket;
  readonly #listener: KernelListener;
  // Of the pages of one kernel none has another's; it stands in the line's address and in each message.
  readonly #session = UUID.uuid4().slice(0, 8);
  readonly #open = new Map<string, Open>();
  readonly #comms = new Map<string, Comm>();
  #connections = 0;
  #handled: Promise<unknown> = Promise.resolve();
  #doubt = 0;
  #pulse = 0;

  constructor(config: PageConfig, listener: KernelListener) {
    this.#listener = listener;
    this.#socket = new KernelSocket(config, this.#session, {
      opened: (first) => void this.#opened(first),
      received: (message) => this.#received(message),
      changed: (state) => listener.changed(state),
      died: (cause) => {
        this.#rest();
        listener.died(cause);
      },
    });
  }

  connect(): void {
    this.#pulse = window.setInterval(() => document.visibilityState === "visible" && this.#prove(), PULSE);
    this.#socket.open();
  }

  /** The page may be about to go. */
  pause(): void {
    this.#socket.pause();
  }

  stop(): void {
    this.#rest();
    this.#socket.stop();
  }

  /** The kernel has lost what the page shows. */
  die(cause: DeathCause): void {
    this.#socket.die(cause);
  }

  /** The network or the screen is back: reconnect, or prove that the connection still carries. */
  wake(): void {
    this.#prove();
    this.#socket.hurry();
  }

  comm(target: string, id: string = UUID.uuid4()): Comm {
    const comm = new Comm(this, target, id);
    this.#comms.set(id, comm);
    return comm;
  }

  forget(comm: Comm): void {
    this.#comms.delete(comm.comm_id);
  }

  /** Send, now or when the connection is back; returns the id of the message. */
  send(outgoing: Outgoing, callbacks: ICallbacks = {}): string {
    const message = this.#message(outgoing);
    this.#open.set(message.header.msg_id, { message, callbacks });
    this.#carry(message);
    return message.header.msg_id;
  }

  /** Is there anything that the kernel may not have heard from this comm? Then its word is not the last. */
  busyWith(commId: string): boolean {
    return [...this.#open.values()].some(({ message }) => (message.content as { comm_id?: string }).comm_id === commId);
  }

  #rest(): void {
    this.#trust();
    clearInterval(this.#pulse);
  }

  #message(outgoing: Outgoing): Message {
    return createMessage({
      msgType: outgoing.type as "comm_msg",
      channel: (outgoing.channel ?? "shell") as "shell",
      session: this.#session,
      content: outgoing.content as unknown as KernelMessage.ICommMsgMsg["content"],
      metadata: outgoing.metadata ?? {},
      buffers: (outgoing.buffers ?? []) as ArrayBufferView[],
    });
  }

  #carry(message: Message): void {
    if (!this.#socket.connected) return;
    this.#socket.send(message);
    this.#doubtIfSilent(SILENCE, () => this.#prove());
  }

  /**
   * Say again, byte for byte, what may have been lost: the kernel ignores a message whose signature
   * it has already seen. It says nothing about an ignored one, but it answers in order; so when it
   * has answered one more question, it has dealt with all of them.
   */
  async #opened(first: boolean): Promise<void> {
    const connection = ++this.#connections;
    this.#trust();
    const doubtful = [...this.#open];
    for (const [, { message }] of doubtful) this.#carry(message);
    if (first) return;
    await this.#dealtWith();
    if (connection !== this.#connections) return;
    for (const [id] of doubtful) this.#settle(id);
    this.#listener.restored();
  }

  #dealtWith(): Promise<void> {
    return new Promise((resolve) => {
      const status = ({ content }: KernelMessage.IIOPubMessage): void => {
        if ((content as { execution_state?: string }).execution_state === "idle") resolve();
      };
      this.send({ type: "kernel_info_request", content: {} }, { iopub: { status } });
    });
  }

  /** The callbacks wait for an idle kernel before they send more; its own word on this is lost. */
  #settle(id: string): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    const idle = { content: { execution_state: "idle" } } as unknown as KernelMessage.IIOPubMessage;
    open?.callbacks.iopub?.["status"]?.(idle);
  }

  /** The control channel answers even while the kernel works, so silence there means a dead line. */
  #prove(): void {
    if (!this.#socket.connected) return;
    this.#socket.send(this.#message({ type: "kernel_info_request", channel: "control", content: {} }));
    this.#trust();
    this.#doubtIfSilent(PROOF, () => this.#socket.drop());
  }

  /** A doubt that runs is not put off by what is said meanwhile: only an answer ends it. */
  #doubtIfSilent(patience: number, action: () => void): void {
    if (this.#doubt) return;
    this.#doubt = window.setTimeout(() => {
      this.#doubt = 0;
      if (this.#socket.connected) action();
    }, patience);
  }

  #trust(): void {
    clearTimeout(this.#doubt);
    this.#doubt = 0;
  }

  #received(message: Message): void {
    this.#trust();
    if (this.#open.size > 0) this.#doubtIfSilent(SILENCE, () => this.#prove());
    // One after the other: a widget must exist before the news about it are told.
    this.#handled = this.#handled.then(() => this.#handle(message)).catch((error) => console.error(error));
  }

  async #handle(message: Message): Promise<void> {
    if (message.channel !== "iopub") return;
    const parent = (message.parent_header as { msg_id?: string }).msg_id ?? "";
    const type = message.header.msg_type as string;
    this.#open.get(parent)?.callbacks.iopub?.[type]?.(message as KernelMessage.IIOPubMessage);
    if (type === "status") this.#status(message, parent);
    else if (type === "shutdown_reply") this.die("gone");
    else if (type.startsWith("comm_")) await this.#commMessage(type, message);
  }

  #status(message: Message, parent: string): void {
    const { execution_state: state } = message.content as unknown as { execution_state: string };
    if (state === "restarting" || state === "autorestarting" || state === "dead") this.die("restarted");
    if (state === "idle") this.#open.delete(parent);
  }

  async #commMessage(type: string, message: Message): Promise<void> {
    const content = message.content as unknown as { comm_id: string; target_name?: string };
    const comm = this.#comms.get(content.comm_id);
    if (type === "comm_msg") await comm?.handleMessage(message);
    else if (type === "comm_close") await comm?.handleClose(message);
    else if (type === "comm_open" && !comm && content.target_name === "jupyter.widget") {
      await this.#listener.commOpened(this.comm(content.target_name, content.comm_id), message);
    }
  }
}
