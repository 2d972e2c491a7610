// The buttons of the toolbar: what each does, whether it can, and whether what it makes is already there.
import {
  TextSelection, addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable,
  isInTable, lift, liftListItem, redo, setBlockType, sinkListItem, toggleHeader, toggleMark, undo, wrapIn, wrapInList,
} from "../../vendor/prosemirror/prosemirror.js";
import { newFootnote, schema } from "./schema.js";

const { nodes, marks } = schema;
const NEW_ROWS = 3;
const NEW_COLUMNS = 3;

// The innermost node around the selection that fits, with the position before it.
export function around(state, fits) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (fits(node)) {
      return { node, pos: $from.before(depth) };
    }
  }
  const selected = state.selection.node;
  return selected && fits(selected) ? { node: selected, pos: state.selection.from } : null;
}

const isList = (node) => node.type === nodes.bullet_list || node.type === nodes.ordered_list;
export const figureAround = (state) => around(state, (node) => node.type === nodes.figure);

// Where the mark of this type around the cursor begins and ends.
export function markAround(state, type) {
  const { $from, from, to, empty } = state.selection;
  const parent = $from.parent;
  const all = [];
  parent.forEach((child, offset) => {
    const mark = type.isInSet(child.marks);
    const last = all.at(-1);
    if (mark && last?.mark.eq(mark) && last.to === offset) {
      last.to += child.nodeSize;
    } else if (mark) {
      all.push({ mark, from: offset, to: offset + child.nodeSize });
    }
  });
  const start = $from.start();
  const found = all.find(({ from: left, to: right }) =>
    empty ? start + left <= from && from <= start + right : start + left <= from && to <= start + right,
  );
  return found ? { mark: found.mark, from: start + found.from, to: start + found.to } : null;
}

export function hasMark(state, type) {
  const { from, to, empty, $from } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, type);
}

export function allowsMark(state, type) {
  return state.selection.$from.parent.inlineContent && state.selection.$from.parent.type.allowsMarkType(type);
}

function heading(level) {
  const active = (state) => Boolean(around(state, (node) => node.type === nodes.heading && node.attrs.level === level));
  const run = (state, dispatch) =>
    (active(state) ? setBlockType(nodes.paragraph) : setBlockType(nodes.heading, { level }))(state, dispatch);
  return { run, active };
}

function mark(type) {
  return { run: toggleMark(type), active: (state) => hasMark(state, type) };
}

function list(type) {
  const active = (state) => around(state, isList)?.node.type === type;
  const run = (state, dispatch) => {
    const found = around(state, isList);
    if (!found) {
      return wrapInList(type)(state, dispatch);
    }
    if (found.node.type === type) {
      return liftListItem(nodes.list_item)(state, dispatch);
    }
    dispatch?.(state.tr.setNodeMarkup(found.pos, type));
    return true;
  };
  return { run, active };
}

const quote = {
  active: (state) => Boolean(around(state, (node) => node.type === nodes.blockquote)),
  run: (state, dispatch) => (quote.active(state) ? lift : wrapIn(nodes.blockquote))(state, dispatch),
};

// Behind the part of the text in which the cursor stands; an empty line gives way. There is always a line to go
// on writing.
export function insertBlock(state, node) {
  const { $to } = state.selection;
  const part = $to.depth ? $to.node(1) : null;
  const isEmptyLine = part?.type === nodes.paragraph && part.content.size === 0;
  const end = part ? $to.after(1) : $to.pos;
  const start = isEmptyLine ? $to.before(1) : end;
  const tr = state.tr.replaceWith(start, end, node);
  if (tr.doc.lastChild.type !== nodes.paragraph) {
    tr.insert(tr.doc.content.size, nodes.paragraph.create());
  }
  return tr.setSelection(TextSelection.near(tr.doc.resolve(start + 1))).scrollIntoView();
}

const table = {
  run: (state, dispatch) => {
    if (isInTable(state)) {
      return false;
    }
    const row = (type) => nodes.table_row.create(null, Array.from({ length: NEW_COLUMNS }, () => type.createAndFill()));
    const types = [nodes.table_header, ...Array(NEW_ROWS - 1).fill(nodes.table_cell)];
    dispatch?.(insertBlock(state, nodes.table.create(null, types.map((type) => row(type)))));
    return true;
  },
};

function headerOf(kind) {
  const active = (state) => {
    const found = isInTable(state) && around(state, (node) => node.type === nodes.table);
    if (!found) {
      return false;
    }
    const cells = [];
    found.node.forEach((row, _offset, index) =>
      row.forEach((cell, _position, column) => {
        if (kind === "row" ? index === 0 : column === 0) {
          cells.push(cell);
        }
      }),
    );
    // A corner without words is no head.
    const heads = cells.filter((cell) => cell.type === nodes.table_header);
    return heads.length > 0 && cells.every((cell) => heads.includes(cell) || !cell.textContent.trim());
  };
  return { run: toggleHeader(kind), active };
}

export const commands = {
  heading: heading(3),
  subheading: heading(4),
  bold: mark(marks.strong),
  italic: mark(marks.em),
  bullets: list(nodes.bullet_list),
  numbers: list(nodes.ordered_list),
  outdent: { run: liftListItem(nodes.list_item) },
  indent: { run: sinkListItem(nodes.list_item) },
  quote,
  table,
  row_before: { run: addRowBefore },
  row_after: { run: addRowAfter },
  column_before: { run: addColumnBefore },
  column_after: { run: addColumnAfter },
  header_row: headerOf("row"),
  header_column: headerOf("column"),
  delete_row: { run: deleteRow },
  delete_column: { run: deleteColumn },
  delete_table: { run: deleteTable },
  undo: { run: undo },
  redo: { run: redo },
};

export function setLink(state, range, href, text) {
  const link = marks.link.create({ href });
  const { from, to } = range;
  return from === to
    ? state.tr.insert(from, schema.text(text || href, [link])).removeStoredMark(marks.link)
    : state.tr.removeMark(from, to, marks.link).addMark(from, to, link);
}

export function setFootnote(state, range, text) {
  const tr = range ? state.tr.delete(range.from, range.to) : state.tr;
  const at = range ? range.from : state.selection.to;
  return text ? tr.insert(at, schema.text(text, [newFootnote()])).removeStoredMark(marks.footnote) : tr;
}
