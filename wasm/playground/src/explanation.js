// Why the decision is what it is: a sentence, and what every statement had to say.

import { element, sentence } from './element.js'

const APPLIES = { true: 'applies', false: 'does not apply', null: 'may apply' }

/** Shows an explanation, or nothing. `onChoose` gets whatever has a place in the text. */
export function showExplanation(panel, explanation, onChoose) {
  panel.hidden = explanation === null
  const { sentence: summary, statements } = explanation ?? { sentence: '', statements: [] }
  panel.querySelector('.sentence').replaceChildren(...sentence(summary))
  panel.querySelector('ol').replaceChildren(...statements.map((statement) => item(statement, onChoose)))
}

/** A statement, and those of its elements that do not match, each a button that leads to its place. */
function item(statement, onChoose) {
  const { index, sid, effect, applies, elements } = statement
  const name = sid === null ? `Statement ${index}` : `Statement ${index}, “${sid}”,`
  const failing = elements.filter(({ holds }) => holds !== true)
  return element(
    'li',
    { 'data-applies': String(applies), 'data-effect': effect },
    place(statement, 'reason', [`${name} (${effect}) ${APPLIES[applies]}`], onChoose),
    ...failing.map((one) => place(one, 'reason element', sentence(one.detail), onChoose)),
  )
}

function place(at, kind, text, onChoose) {
  const button = element('button', { type: 'button', class: kind }, ...text)
  button.addEventListener('click', () => onChoose(at))
  return button
}
