// Stands in for the package jquery: a view keeps its element in a box of that name (`$el`), and empties it.

class Box {
  readonly length = 1;
  readonly 0: HTMLElement;

  constructor(element: HTMLElement) {
    this[0] = element;
  }

  empty(): this {
    this[0].replaceChildren();
    return this;
  }
}

function box(element: HTMLElement | Box): Box {
  return element instanceof Box ? element : new Box(element);
}
// What is asked is `el instanceof $`.
box.prototype = Box.prototype;

export default box;
