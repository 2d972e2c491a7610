// The editor for rich text. It stands in for a <textarea>, which keeps the HTML and is what the form sends.
import {
  EditorState, EditorView, NodeSelection, baseKeymap, chainCommands, gapCursor, history, keymap, liftListItem, redo,
  sinkListItem, splitListItem, tableEditing, toggleMark, undo, isInTable, TextSelection,
} from "../../vendor/prosemirror/prosemirror.js";
import {
  allowsMark, commands, figureAround, hasMark, insertBlock, markAround, setFootnote, setLink,
} from "./commands.js";
import { addressOf, ask } from "./dialogs.js";
import { read, schema, write } from "./schema.js";
import { cleanPasted, uploadPicture } from "./server.js";
import { Toolbar } from "./toolbar.js";

const { nodes, marks } = schema;
const WRITTEN_AFTER = 400; // milliseconds without typing

class Editor {
  constructor(root) {
    this.root = root;
    this.textarea = root.querySelector("textarea");
    this.form = this.textarea.form;
    this.dialogs = Object.fromEntries(
      [...root.querySelectorAll("dialog")].map((dialog) => [dialog.dataset.asks, dialog]),
    );
    this.asking = {
      link: { run: () => this.askForLink(), active: (state) => hasMark(state, marks.link), mark: marks.link },
      footnote: {
        run: () => this.askForFootnote(),
        active: (state) => Boolean(markAround(state, marks.footnote)),
        mark: marks.footnote,
      },
      picture: { run: () => this.askForPicture(), active: (state) => Boolean(figureAround(state)) },
    };
    this.toolbar = new Toolbar(root.querySelector("[role=toolbar]"), (name) => this.act(name));
    this.typed = this.written = this.textarea.value;
    const state = EditorState.create({ doc: read(this.typed), plugins: this.plugins() });
    this.opened = state.doc;
    const place = root.querySelector("[data-place]");
    root.querySelector("[data-editor]").hidden = false;
    this.view = new EditorView(place, {
      state,
      attributes: this.attributes(),
      dispatchTransaction: (tr) => this.apply(tr),
      handleClickOn: selectPicture,
      handleDOMEvents: { paste: (_view, event) => this.paste(event) },
    });
    this.takeOver();
    this.show();
  }

  plugins() {
    const keys = {
      "Mod-b": toggleMark(marks.strong),
      "Mod-i": toggleMark(marks.em),
      "Mod-z": undo,
      "Mod-y": redo,
      "Shift-Mod-z": redo,
      "Mod-k": () => this.act("link"),
      "Alt-F10": () => this.toolbar.focus() ?? true,
      // As in Word. The Tab key leaves the editor: whoever uses no mouse must get out again.
      "Alt-Shift-ArrowRight": sinkListItem(nodes.list_item),
      "Alt-Shift-ArrowLeft": liftListItem(nodes.list_item),
      "Shift-Enter": (state, dispatch) => {
        dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
        return true;
      },
      Enter: chainCommands(leaveCaption, splitListItem(nodes.list_item), baseKeymap.Enter),
    };
    return [history(), keymap(keys), keymap(baseKeymap), gapCursor(), tableEditing()];
  }

  // The text takes the field's place for everything that names it: label, hint, error, links to the field.
  attributes() {
    const { textarea } = this;
    const label = textarea.labels[0];
    this.label = label;
    if (label) {
      label.id ||= `${textarea.id}_label`;
    }
    const given = {
      id: textarea.id,
      class: "p-editor__text p-prose c-rich",
      role: "textbox",
      "aria-multiline": "true",
      "aria-labelledby": label?.id,
      "aria-describedby": textarea.getAttribute("aria-describedby"),
      "aria-invalid": textarea.getAttribute("aria-invalid"),
      "aria-required": textarea.required ? "true" : null,
    };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  }

  takeOver() {
    this.textarea.id += "_html";
    this.textarea.hidden = true;
    this.textarea.required = false; // a browser would refuse to send a form for a field it cannot show
    this.root.querySelector("[data-plain]").hidden = true;
    this.label?.addEventListener("click", () => this.view.focus());
    this.form?.addEventListener("submit", () => this.write(), { capture: true });
    window.addEventListener("pagehide", () => this.write());
    // Somebody else may fill the field: a draft that was kept in this browser.
    this.textarea.addEventListener("input", () => {
      if (this.textarea.value !== this.written) {
        this.start(this.textarea.value);
      }
    });
    this.toolbar.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        this.view.focus();
      }
    });
    if (location.hash === `#${this.view.dom.id}`) {
      this.view.focus();
    }
  }

  start(html) {
    this.typed = this.written = html;
    const state = EditorState.create({ doc: read(html), plugins: this.plugins() });
    this.opened = state.doc;
    this.view.updateState(state);
    this.show();
  }

  apply(tr) {
    this.view.updateState(this.view.state.apply(tr));
    this.show();
    if (tr.docChanged) {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.write(), WRITTEN_AFTER);
    }
  }

  // An untouched text is sent as it came.
  write() {
    const { doc } = this.view.state;
    const html = doc.eq(this.opened) ? this.typed : write(doc);
    if (html !== this.textarea.value) {
      this.textarea.value = this.written = html;
      this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  show() {
    const { state } = this.view;
    this.toolbar.show((name) => {
      const command = commands[name] ?? this.asking[name];
      const enabled = commands[name]
        ? command.run(state)
        : !command.mark || (allowsMark(state, command.mark) && state.selection instanceof TextSelection);
      return { enabled, active: command.active?.(state) };
    }, isInTable(state));
  }

  act(name) {
    if (commands[name]) {
      commands[name].run(this.view.state, (tr) => this.view.dispatch(tr.scrollIntoView()), this.view);
      this.view.focus();
    } else {
      this.asking[name].run();
    }
    return true;
  }

  say(sentence) {
    this.root.querySelector("[role=status]").textContent = sentence;
  }

  word(name) {
    return this.root.querySelector(`[data-word=${name}]`).textContent;
  }

  async askForLink() {
    const { state } = this.view;
    const found = markAround(state, marks.link);
    const range = found ?? { from: state.selection.from, to: state.selection.to };
    let href = null;
    const answer = await ask(
      this.dialogs.link,
      { address: found?.mark.attrs.href, text: "" },
      {
        removable: Boolean(found),
        hidden: range.from === range.to ? [] : ["text"],
        check: ({ address }) => {
          href = addressOf(address);
          return href ? null : { address: this.word("no-address") };
        },
      },
    );
    if (answer === "remove") {
      this.view.dispatch(this.view.state.tr.removeMark(range.from, range.to, marks.link));
    } else if (answer) {
      const text = this.dialogs.link.querySelector("[data-field=text]").value.trim();
      this.view.dispatch(setLink(this.view.state, range, href, text));
    }
    this.view.focus();
  }

  async askForFootnote() {
    const { state } = this.view;
    const found = markAround(state, marks.footnote);
    const before = found ? state.doc.textBetween(found.from, found.to) : "";
    let after = "";
    const answer = await ask(
      this.dialogs.footnote,
      { text: before },
      {
        removable: Boolean(found),
        check: ({ text }) => {
          after = text.replace(/\s+/g, " ");
          return after ? null : { text: this.word("no-footnote") };
        },
      },
    );
    if (answer === "remove") {
      this.view.dispatch(setFootnote(this.view.state, found, ""));
    } else if (answer && after !== before) {
      this.view.dispatch(setFootnote(this.view.state, found, after));
    }
    this.view.focus();
  }

  async askForPicture(files = null) {
    const found = files ? null : figureAround(this.view.state);
    let html = "";
    const answer = await ask(
      this.dialogs.picture,
      { file: files, alternative: found?.node.attrs.alt },
      {
        removable: Boolean(found),
        hidden: found ? ["file", "caption"] : [],
        check: async ({ file, alternative, caption }) => {
          const missing = {
            ...(!alternative && { alternative: this.word("no-alternative") }),
            ...(!found && !file.length && { file: this.word("no-file") }),
          };
          if (Object.keys(missing).length || found) {
            html = alternative;
            return found && alternative ? null : missing;
          }
          const kept = await uploadPicture(this.root, this.form, { file: file[0], alternative, caption }).catch(
            () => ({ errors: { file: [this.word("failed")] } }),
          );
          html = kept.html;
          const { municipality, ...errors } = kept.errors;
          const sentences = Object.entries({ ...errors, ...(municipality && { file: municipality }) });
          return html ? null : Object.fromEntries(sentences.map(([name, all]) => [name, all.join(" ")]));
        },
      },
    );
    if (answer === "remove") {
      this.view.dispatch(this.view.state.tr.delete(found.pos, found.pos + found.node.nodeSize));
    } else if (answer && found) {
      this.view.dispatch(this.view.state.tr.setNodeMarkup(found.pos, null, { ...found.node.attrs, alt: html }));
    } else if (answer) {
      this.view.dispatch(insertBlock(this.view.state, read(html).firstChild));
    }
    this.view.focus();
  }

  // What other programs put on the clipboard is cleaned by the server, so that there is one way to do it.
  paste(event) {
    const html = event.clipboardData?.getData("text/html") ?? "";
    const files = event.clipboardData?.files;
    if (!html && this.root.dataset.upload && files?.length && files[0].type.startsWith("image/")) {
      event.preventDefault();
      this.askForPicture(files);
      return true;
    }
    if (!html || html.includes("data-pm-slice")) {
      return false;
    }
    event.preventDefault();
    this.insertCleaned(html);
    return true;
  }

  async insertCleaned(html) {
    if (html.length > Number(this.root.dataset.mostPasted)) {
      this.say(this.word("too-much"));
      return;
    }
    this.say(this.word("pasting"));
    try {
      const cleaned = await cleanPasted(this.root, this.form, html);
      if (cleaned.html) {
        this.view.pasteHTML(cleaned.html);
      }
      this.say(cleaned.error ?? cleaned.note);
    } catch {
      this.say(this.word("failed"));
    }
  }
}

function selectPicture(view, _pos, node, before, event) {
  if (node.type !== nodes.figure || !event.target.matches("img")) {
    return false;
  }
  view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, before)));
  return true;
}

// Enter in a caption goes on behind the picture.
function leaveCaption(state, dispatch) {
  const found = figureAround(state);
  if (!found) {
    return false;
  }
  const after = found.pos + found.node.nodeSize;
  const tr = state.tr.insert(after, nodes.paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve(after + 1))).scrollIntoView());
  return true;
}

for (const root of document.querySelectorAll("[data-rich-text]")) {
  new Editor(root);
}
