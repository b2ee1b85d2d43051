// The list of findings under the editor.

import { element, sentence } from './element.js'

/** What a status means for whoever wrote the policy. */
const STATUS = {
  good: 'Can be created, attached and evaluated',
  refused: 'Evaluated, but refused where policies are created',
  invalid: 'Not valid: refused, and evaluated as it stands if it is already stored',
  unreadable: 'Cannot be read: whoever depends on it is denied everything',
}

const SEVERITY = { error: 'Error', security: 'Security', warning: 'Warning', suggestion: 'Suggestion', info: 'Note' }

/** Shows findings; `goTo` is called with the one that is chosen. */
export function showFindings({ list, status, count }, { status: name, findings }, goTo) {
  status.textContent = STATUS[name]
  status.dataset.status = name
  count.textContent = findings.length === 0 ? '' : String(findings.length)
  if (findings.length === 0) {
    list.replaceChildren(element('li', { class: 'none' }, 'Nothing to report.'))
    return
  }
  list.replaceChildren(...findings.map((finding) => element('li', {}, button(finding, goTo))))
}

function button(finding, goTo) {
  const { line, columnUtf16 } = finding.span.start
  const made = element(
    'button',
    { type: 'button', class: 'finding', 'data-severity': finding.severity, 'data-code': finding.code },
    element(
      'span',
      { class: 'label' },
      element('span', { class: 'severity' }, SEVERITY[finding.severity]),
      element('span', { class: 'code' }, finding.code),
      element('span', { class: 'place' }, `${line}:${columnUtf16}`),
    ),
    element('span', { class: 'message' }, ...sentence(finding.message)),
    finding.help === '' ? '' : element('span', { class: 'help' }, ...sentence(finding.help)),
  )
  made.addEventListener('click', () => goTo(finding))
  return made
}
