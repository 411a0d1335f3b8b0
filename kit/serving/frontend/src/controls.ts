// ipywidgets' own controls (sliders, pickers, tabs …): no page of the kit's has one, a notebook of somebody else's may.

export * from "@jupyter-widgets/controls";
