// The editor: CodeMirror with what a page of Python needs. It is loaded when a panel opens.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const setFault = StateEffect.define();
// The line where the last traceback ends, marked until the code changes.
const fault = StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    let marks = transaction.docChanged ? Decoration.none : value;
    for (const effect of transaction.effects) {
      if (!effect.is(setFault)) continue;
      const { doc } = transaction.state;
      const line = effect.value;
      marks = line > 0 && line <= doc.lines ? Decoration.set([Decoration.line({ class: "run-fault" }).range(doc.line(line).from)]) : Decoration.none;
    }
    return marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function editor(parent, { label, onrun, onchange }) {
  const of = (doc, isPython) =>
    EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        syntaxHighlighting(classHighlighter),
        isPython ? python() : [],
        fault,
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && onchange(update.state.doc.toString())),
        keymap.of([{ key: "Mod-Enter", run: () => (onrun(), true) }, { key: "Ctrl-Enter", run: () => (onrun(), true) }, ...defaultKeymap, ...historyKeymap, indentWithTab]),
      ],
    });
  const view = new EditorView({ parent, state: of("", true) });
  return {
    show: (text, isPython) => view.setState(of(text, isPython)),
    mark(line) {
      view.dispatch({ effects: setFault.of(line) });
      if (line > 0 && line <= view.state.doc.lines) view.dispatch({ effects: EditorView.scrollIntoView(view.state.doc.line(line).from, { y: "nearest" }) });
    },
    focus: () => view.focus(),
  };
}
