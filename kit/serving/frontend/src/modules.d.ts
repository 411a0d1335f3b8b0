// What build.mjs makes of npm's AMD file.
declare module "anywidget" {
  import type * as base from "@jupyter-widgets/base";
  export default function factory(modules: typeof base): {
    AnyModel: typeof base.WidgetModel;
    AnyView: typeof base.WidgetView;
  };
}

declare module "*.css";
