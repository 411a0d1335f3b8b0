// anywidget's model and view, made with the same base classes as every other widget of the page.

import * as base from "@jupyter-widgets/base";
import factory from "anywidget";

// anywidget calls AbortSignal.any, which browsers have only known since 2023–2024.
AbortSignal.any ??= (signals: Iterable<AbortSignal>): AbortSignal => {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
};

export const { AnyModel, AnyView } = factory(base);
