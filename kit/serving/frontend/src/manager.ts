// The widget manager: which classes there are, and how their models come from the kernel.

import * as base from "@jupyter-widgets/base";
import { CONTROL_COMM_PROTOCOL_VERSION, CONTROL_COMM_TARGET, ManagerBase } from "@jupyter-widgets/base-manager";
import * as boxes from "@jupyter-widgets/controls/lib/widget_box";
import type { JSONObject, JSONValue } from "@lumino/coreutils";
import { AnyModel, AnyView } from "./anywidget";
import type { Comm } from "./comm";
import type { Buffers, Kernel } from "./kernel";
import { message } from "./say";

type WidgetClass = typeof base.WidgetModel | typeof base.WidgetView;

const CONTROLS = "@jupyter-widgets/controls";
const MODULES: Record<string, Record<string, unknown>> = {
  "@jupyter-widgets/base": { ...base },
  [CONTROLS]: { ...boxes }, // all that the kit's own pages have of them
  anywidget: { AnyModel, AnyView },
};

export interface WidgetState {
  readonly model_name: string;
  readonly model_module: string;
  readonly model_module_version: string;
  readonly state: JSONObject;
  /** Traits that hold JSON as text, when they come with the page: there they are written as JSON. */
  readonly json?: JSONObject;
}

/** The kernel's answer about all its widgets; a buffer path begins with the widget's id. */
interface AllStates {
  readonly method: string;
  readonly states: Record<string, WidgetState>;
  readonly buffer_paths: [string, ...(string | number)[]][];
}

/** In place of a widget that cannot be shown. Stock ipywidgets shows its stack trace there. */
class TroubleView extends base.DOMWidgetView {
  override render(): void {
    this.el.append(message("trouble"));
  }
}

export class PageManager extends ManagerBase {
  readonly #kernel: Kernel;
  /** Asks the open question about all widgets once more. */
  #askAgain: (() => void) | null = null;

  constructor(kernel: Kernel) {
    super();
    this.#kernel = kernel;
  }

  /** Make a model of every widget that the kernel has: those that came with the page, or else it is asked. */
  async load(given: Record<string, WidgetState> | null): Promise<void> {
    const states = given ?? (await this.#allStates());
    const comms = Object.keys(states).map((id) => this.#kernel.comm(this.comm_target_name, id));
    // All at once: widgets refer to each other, and each is registered before the first await.
    await Promise.all(comms.map((comm) => this.#make(comm, states[comm.comm_id]!)));
  }

  /**
   * After an interruption, take over what the kernel has changed meanwhile. False when the kernel
   * does not know a single widget of this page any more.
   */
  async resync(): Promise<boolean> {
    if (this.#askAgain) {
      this.#askAgain(); // the answer to a question of before may have been lost
      return true;
    }
    const states = await this.#allStates();
    const known = Object.keys(states).filter((id) => this.has_model(id));
    await Promise.all(known.map((id) => this.#takeOver(id, states[id]!.state)));
    return known.length > 0;
  }

  override async create_view<V extends base.WidgetView>(model: base.WidgetModel, options: unknown = {}): Promise<V> {
    const view = await super.create_view<V>(model, options as {});
    if (!(view instanceof base.ErrorWidgetView)) return view;
    const trouble = new TroubleView({ model: view.model, options });
    trouble.render();
    return trouble as unknown as V;
  }

  protected override async loadClass(name: string, module: string): Promise<never> {
    const found = MODULES[module]?.[name] ?? (module === CONTROLS ? (await allControls())[name] : undefined);
    if (!found) throw new Error(`The page has no ${module}.${name}`);
    return found as WidgetClass as never;
  }

  protected override async _create_comm(target: string, id?: string, data?: JSONObject, metadata?: JSONObject, buffers?: Buffers): Promise<Comm> {
    const comm = this.#kernel.comm(target, id);
    if (data || metadata) comm.open(data ?? {}, undefined, metadata, buffers);
    return comm;
  }

  /** Only asked for by ways of loading that this page does not go. */
  protected override async _get_comm_info(): Promise<{}> {
    return {};
  }

  /** The script of a view may come as an address: that of a file which browsers keep. */
  override async new_model(options: base.IModelOptions, state: JSONObject = {}): Promise<base.WidgetModel> {
    return super.new_model(options, withAddress(state));
  }

  async #make(comm: Comm, widget: WidgetState): Promise<void> {
    const { model_name, model_module, model_module_version, state, json = {} } = widget;
    const texts = Object.fromEntries(Object.entries(json).map(([name, value]) => [name, JSON.stringify(value)]));
    const named = { _model_name: model_name, _model_module: model_module, _model_module_version: model_module_version };
    const options = { model_name, model_module, model_module_version, model_id: comm.comm_id, comm };
    await this.new_model(options, { ...named, ...state, ...texts });
  }

  async #takeOver(id: string, state: JSONObject): Promise<void> {
    const model = await this.get_model(id);
    const values = await (model.constructor as typeof base.WidgetModel)._deserialize_state(withAddress(state), this);
    const { _buffered_state_diff: unsaved } = model as unknown as { _buffered_state_diff: object };
    // A model with a change of its own keeps it: the kernel will answer that.
    if (!this.#kernel.busyWith(id) && Object.keys(unsaved).length === 0) model.set_state(values);
  }

  /** By widget id; empty when the kernel has never made a widget. */
  #allStates(): Promise<Record<string, WidgetState>> {
    return new Promise((resolve) => {
      const answer = (states: Record<string, WidgetState>): void => {
        this.#askAgain = null;
        resolve(states);
      };
      this.#askAgain = () => {
        const comm = this.#kernel.comm(CONTROL_COMM_TARGET);
        comm.on_close(() => answer({})); // the kernel knows no widgets at all
        comm.on_msg(({ content, buffers }) => {
          const data = (content as unknown as { data: AllStates }).data;
          if (data.method !== "update_states") return;
          comm.close();
          answer(withBuffers(data, (buffers ?? []) as DataView[]));
        });
        comm.open({}, undefined, { version: CONTROL_COMM_PROTOCOL_VERSION });
        comm.send({ method: "request_states" });
      };
      this.#askAgain();
    });
  }
}

/** The rest of ipywidgets' own, with its style sheet, from beside this script. */
async function allControls(): Promise<Record<string, unknown>> {
  const [controls] = await Promise.all([import("./controls"), styled(new URL("kit-controls.css", import.meta.url).href)]);
  return controls;
}

const sheets = new Map<string, Promise<void>>();

/** Resolves when the style sheet is there, or when it cannot be had: a plain control is better than none. */
function styled(href: string): Promise<void> {
  const known = sheets.get(href);
  if (known) return known;
  const coming = new Promise<void>((resolve) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href, onload: () => resolve(), onerror: () => resolve() });
    document.head.prepend(link); // below what the page has of its own
  });
  sheets.set(href, coming);
  return coming;
}

/** anywidget imports a script whose address is whole, and takes anything else for the script itself. */
function withAddress(state: JSONObject): JSONObject {
  const script = state["_esm"];
  return typeof script === "string" && script.startsWith("/") && !script.startsWith("//")
    ? { ...state, _esm: new URL(script, document.baseURI).href }
    : state;
}

/** Binary values travel beside the states; put them where they belong. */
function withBuffers({ states, buffer_paths: paths }: AllStates, buffers: DataView[]): Record<string, WidgetState> {
  paths.forEach(([id, ...path], index) => {
    const state = states[id]?.state as Record<string, JSONValue> | undefined;
    if (state) base.put_buffers(state as never, [path], [buffers[index]!]);
  });
  return states;
}
