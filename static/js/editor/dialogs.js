// Asks for what a link, a footnote or a picture needs. The dialogs stand in the page; here they come alive.

// Opens `dialog` with `values` by field. `check` answers errors by field, or null when all is well; it may
// take its time. The promise holds true once that is so, "remove" for the button of that name, else false.
export function ask(dialog, values, { check, removable = false, hidden = [] }) {
  const fields = new Map([...dialog.querySelectorAll("[data-field]")].map((field) => [field.dataset.field, field]));
  const buttons = (name) => dialog.querySelector(`[data-answer=${name}]`);
  for (const [name, field] of fields) {
    if (field.type !== "file") {
      field.value = values[name] ?? "";
    } else if (values[name]) {
      field.files = values[name];
    } else {
      field.value = "";
    }
    field.closest("[data-row]").hidden = hidden.includes(name);
  }
  showErrors(dialog, fields, {});
  buttons("remove").hidden = !removable;

  return new Promise((resolve) => {
    let answer = false;
    let busy = false;
    const listening = new AbortController();
    const on = (target, kind, handler) => target.addEventListener(kind, handler, { signal: listening.signal });

    const apply = async () => {
      if (busy) {
        return;
      }
      busy = true;
      buttons("apply").setAttribute("aria-disabled", "true");
      const typed = Object.fromEntries([...fields].map(([name, field]) => [name, field.files ?? field.value.trim()]));
      const errors = await check(typed);
      busy = false;
      buttons("apply").removeAttribute("aria-disabled");
      if (errors && dialog.open) {
        showErrors(dialog, fields, errors);
      } else if (dialog.open) {
        answer = true;
        dialog.close();
      }
    };
    on(buttons("apply"), "click", apply);
    on(buttons("remove"), "click", () => {
      answer = "remove";
      dialog.close();
    });
    on(buttons("cancel"), "click", () => dialog.close());
    // The dialog stands inside the form of the page: Enter must not send that one.
    on(dialog, "keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) {
        event.preventDefault();
        if (event.target.type === "file") {
          event.target.click();
        } else {
          apply();
        }
      }
    });
    on(dialog, "close", () => {
      listening.abort();
      resolve(answer);
    });
    dialog.showModal();
    [...fields.values()].find((field) => !field.closest("[data-row]").hidden)?.focus();
  });
}

function showErrors(dialog, fields, errors) {
  let first = null;
  for (const [name, field] of fields) {
    const place = dialog.querySelector(`[data-error=${name}]`);
    const sentence = errors[name] ?? "";
    place.hidden = !sentence;
    place.querySelector("[data-sentence]").textContent = sentence;
    field.toggleAttribute("aria-invalid", false);
    if (sentence) {
      field.setAttribute("aria-invalid", "true");
      first ??= field;
    }
  }
  first?.focus();
}

// An address as it is typed: of the web, also without https://, or of mail. Null for everything else.
export function addressOf(typed) {
  if (/^https?:\/\/[^\s/]+\S*$/i.test(typed) || /^mailto:[^\s@]+@[^\s@]+$/i.test(typed)) {
    return typed;
  }
  if (/^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(typed)) {
    return `mailto:${typed}`;
  }
  return /^[\w-]+(\.[\w-]+)+([/?#]\S*)?$/.test(typed) ? `https://${typed}` : null;
}
