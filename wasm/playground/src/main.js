// The page: a policy is checked and asked on every change. Nothing leaves the page.

import init, { Policy, validate, version } from 's3iam-wasm'
import { showDecision } from './decision.js'
import { createEditor } from './editor.js'
import { EXAMPLES } from './examples.js'
import { element } from './element.js'
import { showExplanation } from './explanation.js'
import { showFindings } from './findings.js'
import { createQuestion } from './question.js'

const find = (id) => document.getElementById(id)
const panel = find('decision')
const reasons = find('explanation')
const dialect = find('dialect')
const findings = { list: find('findings'), status: find('status'), count: find('count') }
let deciding = null

await init()

const editor = createEditor(find('editor'), { onChange: check })
const question = createQuestion(find('question'), { onChange: decide })

/** Finds what there is to find, then asks again. */
function check() {
  const validation = validate(editor.text, { dialect: dialect.value })
  editor.underline(validation.findings)
  showFindings(findings, validation, (finding) => editor.goToFinding(finding))
  decide()
}

/** Asks the policy as it would be evaluated if it were stored. */
function decide() {
  if (question.value.action === '') {
    deciding = null
    showDecision(panel, { message: 'Name an action to ask about.' })
    showExplanation(reasons, null)
    editor.mark(null, false)
    return
  }
  const explanation = Policy.parse(editor.text, { lenient: true, dialect: dialect.value }).explain(question.value)
  const { decision } = explanation
  deciding = decision.statement
  showDecision(panel, decision, deciding === null ? 0 : editor.lineOf(deciding))
  showExplanation(reasons, explanation, (place) => editor.select(place))
  editor.mark(deciding, decision.allowed)
}

function load(example) {
  dialect.value = 'minio'
  question.value = example.question
  editor.text = example.policy
}

const menu = find('example')
menu.append(...EXAMPLES.map(({ name }, index) => element('option', { value: String(index) }, name)))
menu.addEventListener('change', () => load(EXAMPLES[Number(menu.value)]))
dialect.addEventListener('change', check)
find('show-statement').addEventListener('click', () => deciding !== null && editor.goToStatement(deciding))
find('version').textContent = `s3iam ${version()}`
load(EXAMPLES[0])
document.documentElement.dataset.ready = 'true'
