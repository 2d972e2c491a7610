// The row of buttons: one stop for the Tab key, arrow keys inside, pressed and unavailable ones say so.

export class Toolbar {
  constructor(element, act) {
    this.element = element;
    this.buttons = [...element.querySelectorAll("button")];
    this.tableTools = element.querySelector("[data-in-table]");
    // The selection stays in the text while a button is pressed.
    element.addEventListener("mousedown", (event) => event.preventDefault());
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button && button.getAttribute("aria-disabled") !== "true") {
        act(button.dataset.command);
      }
    });
    element.addEventListener("keydown", (event) => this.move(event));
    this.stopAt(this.buttons[0]);
  }

  move(event) {
    const shown = this.buttons.filter((button) => button.offsetParent);
    const place = shown.indexOf(document.activeElement);
    const next = {
      ArrowRight: shown[(place + 1) % shown.length],
      ArrowLeft: shown.at(place - 1),
      Home: shown[0],
      End: shown.at(-1),
    }[event.key];
    if (next) {
      event.preventDefault();
      this.stopAt(next);
      next.focus();
    }
  }

  stopAt(stop) {
    for (const button of this.buttons) {
      button.tabIndex = button === stop ? 0 : -1;
    }
    this.stop = stop;
  }

  focus() {
    this.stop.focus();
  }

  // `stateOf` answers { active, enabled } for a command's name; active is undefined where nothing can be pressed.
  show(stateOf, inTable) {
    for (const button of this.buttons) {
      const { active, enabled } = stateOf(button.dataset.command);
      button.setAttribute("aria-disabled", String(!enabled));
      if (active !== undefined) {
        button.setAttribute("aria-pressed", String(active));
      }
    }
    this.tableTools.hidden = !inTable;
    if (!this.stop.offsetParent && this.element.offsetParent) {
      this.stopAt(this.buttons[0]);
    }
  }
}
