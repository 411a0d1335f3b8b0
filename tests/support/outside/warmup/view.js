// One plain module, with the kit's parts in the object `kit`: no import, no build step.

class Warmup extends kit.Form {
  body(level) {
    const { greeting } = this.page.content;
    return [kit.h("p", { class: "warmup-greeting", text: greeting }), ...super.body(level)];
  }
}

export default kit.formView(Warmup);
