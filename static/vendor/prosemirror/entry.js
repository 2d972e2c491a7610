// What static/js/editor/ uses of ProseMirror. scripts/refresh-vendor bundles it into prosemirror.js.
export { EditorState, NodeSelection, Plugin, Selection, TextSelection } from "prosemirror-state";
export { EditorView } from "prosemirror-view";
export { DOMParser, DOMSerializer, Schema } from "prosemirror-model";
export { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
export { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
export { history, redo, undo } from "prosemirror-history";
export { keymap } from "prosemirror-keymap";
export { gapCursor } from "prosemirror-gapcursor";
export {
  addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable,
  isInTable, mergeCells, splitCell, tableEditing, tableNodes, toggleHeader,
} from "prosemirror-tables";
