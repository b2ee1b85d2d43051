// The editor: JSON, findings underlined at their place, the deciding statement marked.

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { lintKeymap, setDiagnostics } from '@codemirror/lint'
import { EditorState, StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { element, sentence } from './element.js'
import { offsetOf, utf16Offset } from './places.js'
import { theme } from './theme.js'

const MARKED_AS = { error: 'error', security: 'error', warning: 'warning', suggestion: 'info', info: 'hint' }

const markStatement = StateEffect.define()

/** The deciding statement: whole lines if it has several, else its characters. */
const statementField = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes)
    for (const effect of transaction.effects) {
      if (effect.is(markStatement)) next = effect.value === null ? Decoration.none : marksOf(transaction.state.doc, effect.value)
    }
    return next
  },
  provide: (field) => EditorView.decorations.from(field),
})

function marksOf(doc, { from, to, allowed }) {
  const kind = allowed ? 'allowing' : 'denying'
  const first = doc.lineAt(from)
  const last = doc.lineAt(to)
  if (first.number === last.number) {
    return from === to ? Decoration.none : Decoration.set([Decoration.mark({ class: `cm-statement ${kind}` }).range(from, to)])
  }
  const lines = []
  for (let number = first.number; number <= last.number; number++) {
    lines.push(Decoration.line({ class: `cm-statement-line ${kind}` }).range(doc.line(number).from))
  }
  return Decoration.set(lines)
}

const highlighting = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--code-name)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-literal)' },
  { tag: [tags.brace, tags.squareBracket, tags.separator, tags.punctuation], color: 'var(--code-quiet)' },
])

/**
 * Makes the editor. It lives in a shadow root, where CodeMirror adopts its style sheets instead of
 * writing them into the page, so that the page's policy needs no exception for inline styles.
 */
export function createEditor(host, { onChange }) {
  const root = host.attachShadow({ mode: 'open' })
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of('  '),
        bracketMatching(),
        highlightActiveLine(),
        json(),
        syntaxHighlighting(highlighting),
        statementField,
        theme,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'Policy document', spellcheck: 'false', autocapitalize: 'off' }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        EditorView.updateListener.of((update) => update.docChanged && onChange()),
      ],
    }),
  })
  return new Editor(view)
}

class Editor {
  #view

  constructor(view) {
    this.#view = view
  }

  get text() {
    return this.#view.state.doc.toString()
  }

  set text(text) {
    const { doc } = this.#view.state
    this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true })
  }

  /** Underlines findings. */
  underline(findings) {
    const { state } = this.#view
    const diagnostics = findings.map((finding) => ({
      ...this.#underlineOf(finding),
      severity: MARKED_AS[finding.severity],
      markClass: `cm-finding cm-finding-${finding.severity}`,
      source: finding.code,
      message: finding.message,
      renderMessage: () => element('div', {}, ...[finding.message, finding.help].map((text) => element('p', {}, ...sentence(text)))),
    }))
    this.#view.dispatch(setDiagnostics(state, diagnostics))
  }

  /** Selects a finding's place and goes there. */
  goToFinding(finding) {
    this.#goTo(this.#rangeOf(finding))
  }

  /** Marks a decision's statement, or none. */
  mark(statement, allowed) {
    const value = statement === null ? null : { ...this.#statementRange(statement), allowed }
    this.#view.dispatch({ effects: markStatement.of(value) })
  }

  /** Goes to a decision's statement. */
  goToStatement(statement) {
    const { from } = this.#statementRange(statement)
    this.#goTo({ from, to: from })
  }

  /** Selects a place that is given in bytes, and goes there. */
  select(place) {
    this.#goTo(this.#statementRange(place))
  }

  /** The line that a statement begins in. */
  lineOf(statement) {
    return this.#view.state.doc.lineAt(this.#statementRange(statement).from).number
  }

  #rangeOf({ span }) {
    const { doc } = this.#view.state
    const from = offsetOf(doc, span.start)
    return { from, to: Math.max(from, offsetOf(doc, span.end)) }
  }

  /** What is underlined: of a place with several lines the first, as the whole would hide what is inside. */
  #underlineOf(finding) {
    const { from, to } = this.#rangeOf(finding)
    return { from, to: Math.min(to, this.#view.state.doc.lineAt(from).to) }
  }

  #statementRange({ start, end }) {
    const { text } = this
    return { from: utf16Offset(text, start), to: utf16Offset(text, end) }
  }

  #goTo({ from, to }) {
    this.#view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    })
    this.#view.focus()
  }
}
