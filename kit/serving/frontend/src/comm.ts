// One comm: the line between one widget here and its twin in the kernel.

import type { ICallbacks, IClassicComm } from "@jupyter-widgets/base";
import type { KernelMessage } from "@jupyterlab/services";
import type { JSONObject, JSONValue } from "@lumino/coreutils";
import type { Buffers, Kernel } from "./kernel";

type Handler = (message: KernelMessage.IMessage) => unknown;

export class Comm implements IClassicComm {
  readonly comm_id: string;
  readonly target_name: string;
  readonly #kernel: Kernel;
  #onMessage: Handler = () => undefined;
  #onClose: Handler = () => undefined;

  constructor(kernel: Kernel, target: string, id: string) {
    this.#kernel = kernel;
    this.target_name = target;
    this.comm_id = id;
  }

  open(data: JSONValue, callbacks?: ICallbacks, metadata?: JSONObject, buffers?: Buffers): string {
    const content = { comm_id: this.comm_id, target_name: this.target_name, data };
    return this.#kernel.send({ type: "comm_open", content, metadata, buffers }, callbacks);
  }

  send(data: JSONValue, callbacks?: ICallbacks, metadata?: JSONObject, buffers?: Buffers): string {
    const content = { comm_id: this.comm_id, data };
    return this.#kernel.send({ type: "comm_msg", content, metadata, buffers }, callbacks);
  }

  close(data: JSONValue = {}, callbacks?: ICallbacks, metadata?: JSONObject, buffers?: Buffers): string {
    this.#kernel.forget(this);
    const content = { comm_id: this.comm_id, data };
    return this.#kernel.send({ type: "comm_close", content, metadata, buffers }, callbacks);
  }

  on_msg(callback: Handler): void {
    this.#onMessage = callback;
  }

  on_close(callback: Handler): void {
    this.#onClose = callback;
  }

  async handleMessage(message: KernelMessage.IMessage): Promise<void> {
    await this.#onMessage(message);
  }

  async handleClose(message: KernelMessage.IMessage): Promise<void> {
    this.#kernel.forget(this);
    await this.#onClose(message);
  }
}
