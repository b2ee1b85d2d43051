// The page: a policy is checked and asked on every change. Nothing leaves the page.

import init, { Policy, PolicyError, validate, version } from 's3iam-wasm'
import { showDecision } from './decision.js'
import { createEditor } from './editor.js'
import { EXAMPLES } from './examples.js'
import { element } from './element.js'
import { showFindings } from './findings.js'
import { createQuestion } from './question.js'

const find = (id) => document.getElementById(id)
const panel = find('decision')
const findings = { list: find('findings'), status: find('status'), count: find('count') }
let deciding = null

await init()

const editor = createEditor(find('editor'), { onChange: check })
const question = createQuestion(find('question'), { onChange: decide })

/** Finds what there is to find, then asks again. */
function check() {
  const validation = validate(editor.text)
  editor.underline(validation.findings)
  showFindings(findings, validation, (finding) => editor.goToFinding(finding))
  decide()
}

/** Asks the policy as it would be evaluated if it were stored. */
function decide() {
  const { action } = question.value
  deciding = null
  try {
    if (action === '') {
      showDecision(panel, { message: 'Name an action to ask about.' })
    } else {
      const decision = Policy.parse(editor.text, { lenient: true }).decide(question.value)
      deciding = decision.statement
      showDecision(panel, decision, deciding === null ? 0 : editor.lineOf(deciding))
      editor.mark(deciding, decision.allowed)
      return
    }
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    showDecision(panel, { message: 'The document cannot be read, so whoever depends on it is denied everything.' })
  }
  editor.mark(null, false)
}

function load(example) {
  question.value = example.question
  editor.text = example.policy
}

const menu = find('example')
menu.append(...EXAMPLES.map(({ name }, index) => element('option', { value: String(index) }, name)))
menu.addEventListener('change', () => load(EXAMPLES[Number(menu.value)]))
find('show-statement').addEventListener('click', () => deciding !== null && editor.goToStatement(deciding))
find('version').textContent = `s3iam ${version()}`
load(EXAMPLES[0])
document.documentElement.dataset.ready = 'true'
