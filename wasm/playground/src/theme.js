// The editor's looks. Colours are the page's custom properties, which reach into the shadow root, so
// light and dark need no second theme.

import { EditorView } from '@codemirror/view'

const wave = (colour) =>
  `url('data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="6" height="3"><path d="m0 2.5 l2 -1.5 l1 0 l2 1.5 l1 0" stroke="${encodeURIComponent(colour)}" fill="none" stroke-width="1.1"/></svg>')`

const underline = (colour) => ({
  backgroundImage: wave(colour),
  backgroundRepeat: 'repeat-x',
  backgroundPosition: 'left bottom',
  paddingBottom: '2px',
})

export const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--paper)', fontSize: '0.875rem', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { padding: '0.75rem 0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0 1rem 0 0.5rem' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--faint)', border: 'none', paddingLeft: '0.5rem' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { boxShadow: 'inset 0 0 0 100vmax var(--hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-selectionBackground': { backgroundColor: 'var(--selection) !important' },
  '.cm-matchingBracket, .cm-nonmatchingBracket': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--selection)', outline: 'none' },
  '.cm-statement-line': { borderLeft: '3px solid', paddingLeft: 'calc(0.5rem - 3px)' },
  '.cm-statement': { borderRadius: '3px' },
  '.cm-statement-line.allowing, .cm-statement.allowing': { backgroundColor: 'var(--allow-wash)', borderColor: 'var(--allow)' },
  '.cm-statement-line.denying, .cm-statement.denying': { backgroundColor: 'var(--deny-wash)', borderColor: 'var(--deny)' },
  '.cm-finding-error, .cm-finding-security': underline('#d0382b'),
  '.cm-finding-warning': underline('#c77a0a'),
  '.cm-finding-suggestion, .cm-finding-info': underline('#3b7dc4'),
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    boxShadow: '0 6px 24px rgb(0 0 0 / 0.12)',
    overflow: 'hidden',
    maxWidth: 'min(32rem, 90vw)',
  },
  '.cm-diagnostic': { fontFamily: 'var(--sans)', fontSize: '0.875rem', lineHeight: '1.45', padding: '0.5rem 0.75rem' },
  '.cm-diagnostic p': { margin: '0' },
  '.cm-diagnostic code': { fontFamily: 'var(--mono)', fontSize: '0.9em' },
  '.cm-diagnostic p + p': { color: 'var(--quiet)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--deny)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  '.cm-diagnostic-info, .cm-diagnostic-hint': { borderLeftColor: 'var(--note)' },
  '.cm-diagnosticSource': { fontFamily: 'var(--mono)', fontSize: '0.75rem', opacity: '0.7' },
})
