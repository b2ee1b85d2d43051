// The decision, in words.

const VERDICT = { allow: 'Allowed', explicit_deny: 'Denied', implicit_deny: 'Not allowed' }

/** What a decision means, given the line that its statement begins in. */
function because({ outcome, reason, statement }, line) {
  if (statement !== null) {
    const name = statement.sid === null ? `Statement ${statement.index}` : `Statement ${statement.index}, “${statement.sid}”,`
    if (reason === 'facts-missing') return `${name} in line ${line} depends on a value that is not given, so it is taken to apply.`
    return `${name} in line ${line} ${outcome === 'allow' ? 'allows it, and none denies it.' : 'denies it.'}`
  }
  switch (reason) {
    case 'no-statement':
      return 'No statement applies, and what is not allowed is denied.'
    case 'policy-broken':
      return 'The policy cannot be read, in whole or in part, and everything that it might deny is denied.'
    default:
      return `Reason: ${reason}.`
  }
}

/** Shows a decision, or why there is none. */
export function showDecision(panel, decision, line) {
  const button = panel.querySelector('button')
  panel.dataset.outcome = decision.outcome ?? 'none'
  panel.querySelector('.verdict').textContent = VERDICT[decision.outcome] ?? 'No decision'
  panel.querySelector('.because').textContent = decision.outcome === undefined ? decision.message : because(decision, line)
  button.hidden = (decision.statement ?? null) === null
}
