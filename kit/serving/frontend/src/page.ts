// The page's life: wait for the HTML, connect, show the widgets, keep the connection, leave.

import "@jupyter-widgets/base/css/index.css";
import "./page.css";
import type { DOMWidgetView } from "@jupyter-widgets/base";
import { Widget } from "@lumino/widgets";
import { Banner } from "./banner";
import { readConfig, type PageConfig } from "./config";
import { Kernel } from "./kernel";
import { endKernel } from "./leave";
import { PageManager, type WidgetState } from "./manager";
import { reloadOnce } from "./reload";
import { message } from "./say";
import type { DeathCause, SocketState } from "./socket";

declare global {
  interface Window {
    kitPage: { readonly kernelId: string | null; leave(): void };
  }
}

const LONG_WAIT = 90_000; // ms after which a page that is still being made says so

class Page {
  readonly #banner = new Banner();
  #kernel: Kernel | null = null;
  #left = false;

  get #main(): HTMLElement {
    return document.getElementById("kit-main")!;
  }

  get kernelId(): string | null {
    return readConfig()?.kernelId ?? null;
  }

  async start(): Promise<void> {
    const tooLong = setTimeout(() => this.#trouble(), LONG_WAIT);
    await parsed();
    const config = readConfig();
    try {
      // The last element is missing when the network broke off in the middle of the page.
      if (!config || !document.getElementById("kit-end")) throw new Error("The page came in part");
      await this.#show(config);
      this.#ready();
    } catch (error) {
      console.error(error);
      this.#trouble();
    }
    clearTimeout(tooLong);
  }

  leave(): void {
    const config = readConfig();
    if (this.#left || !config) return;
    this.#left = true;
    this.#kernel?.stop();
    endKernel(config);
  }

  pause(): void {
    this.#kernel?.pause();
  }

  wake(): void {
    if (!this.#left) this.#kernel?.wake();
  }

  async #show(config: PageConfig): Promise<void> {
    const kernel: Kernel = new Kernel(config, {
      changed: (state) => this.#changed(state),
      died: (cause) => this.#died(cause, config),
      commOpened: (comm, opening) => manager.handle_comm_open(comm, opening as Parameters<typeof manager.handle_comm_open>[1]),
      restored: () => void this.#restored(manager),
    });
    const manager: PageManager = new PageManager(kernel);
    this.#kernel = kernel;
    if (this.#left) return;
    kernel.connect();
    await manager.load(states(this.#main));
    await Promise.all([...this.#main.querySelectorAll<HTMLElement>("[data-kit-model]")].map((host) => render(manager, host)));
  }

  async #restored(manager: PageManager): Promise<void> {
    // A kernel that crashed in the meantime runs again under the same name, but empty.
    const known = await manager.resync();
    if (!known && this.#main.querySelector("[data-kit-model]")) this.#kernel?.die("restarted");
  }

  #changed(state: SocketState): void {
    document.documentElement.dataset["kitConnection"] = state;
    document.dispatchEvent(new CustomEvent("kit:connection", { detail: { state } }));
    if (state === "connected") this.#banner.hide();
    else if (state === "connecting") this.#banner.away();
  }

  #died(cause: DeathCause, config: PageConfig): void {
    if (cause === "gone") this.#left = true; // there is nothing to end any more
    if (cause === "forbidden" && config.seatLostUrl) location.replace(`${config.seatLostUrl}?lang=${document.documentElement.lang}`);
    // A view that would lose something says no to being loaded anew, and tells the person itself.
    else if (!document.dispatchEvent(new CustomEvent("kit:died", { cancelable: true }))) this.#banner.hide();
    else if (!reloadOnce()) this.#banner.show("dead");
  }

  #ready(): void {
    document.getElementById("kit-status")?.replaceChildren();
    document.getElementById("kit-main")?.removeAttribute("aria-busy");
  }

  #trouble(): void {
    this.#ready();
    if (document.getElementById("kit-say-trouble")) document.getElementById("kit-status")?.append(message("trouble"));
  }
}

function parsed(): Promise<unknown> {
  if (document.readyState !== "loading") return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
}

/** What came with the page; null unless every widget did. */
function states(main: HTMLElement): Record<string, WidgetState> | null {
  const [widgets, given] = [main.querySelectorAll("[data-kit-model]"), [...main.querySelectorAll("script.kit-states")]];
  if (given.length === 0 || given.length !== widgets.length) return null;
  given.forEach((one) => one.remove());
  return Object.assign({}, ...given.map((one) => JSON.parse(one.textContent ?? "{}") as Record<string, WidgetState>));
}

async function render(manager: PageManager, host: HTMLElement): Promise<void> {
  try {
    const model = await manager.get_model(host.dataset["kitModel"]!);
    const view = await manager.create_view<DOMWidgetView>(model);
    Widget.attach(view.luminoWidget, host);
  } catch (error) {
    console.error(error);
    host.append(message("trouble"));
  }
}

const page = new Page();
window.kitPage = { get kernelId() { return page.kernelId; }, leave: () => page.leave() };
window.addEventListener("beforeunload", () => page.pause());
window.addEventListener("pagehide", () => page.leave());
// Out of the browser's memory of pages: the kernel of this one has been ended.
window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
window.addEventListener("online", () => page.wake());
window.addEventListener("offline", () => page.wake());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && page.wake());
void page.start();
