// The question: action, resource and condition values.

import { element } from './element.js'

const ACTIONS = [
  's3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket', 's3:ListAllMyBuckets', 's3:GetBucketLocation',
  's3:CreateBucket', 's3:DeleteBucket', 's3:GetObjectTagging', 's3:PutObjectTagging', 's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts', 's3:ListBucketMultipartUploads', 's3:GetObjectVersion', 's3:GetBucketPolicy', 's3:PutBucketPolicy',
]

const KEYS = [
  'aws:username', 'aws:userid', 'aws:SourceIp', 'aws:SecureTransport', 'aws:CurrentTime', 'aws:UserAgent', 'aws:Referer',
  's3:prefix', 's3:delimiter', 's3:max-keys', 's3:x-amz-acl', 's3:ExistingObjectTag/env',
]

/** The form, as an object with the question in it. */
export function createQuestion(form, { onChange }) {
  const { action, resource } = form.elements
  const rows = form.querySelector('#context')
  const none = form.querySelector('#no-context')
  form.querySelector('#actions').replaceChildren(...ACTIONS.map((value) => element('option', { value })))
  form.append(element('datalist', { id: 'context-keys' }, ...KEYS.map((value) => element('option', { value }))))

  const changed = () => {
    none.hidden = rows.childElementCount > 0
    onChange()
  }
  const add = (key = '', value = '') => rows.append(row(key, value, changed))

  form.addEventListener('submit', (event) => event.preventDefault())
  form.addEventListener('input', changed)
  form.querySelector('#add-context').addEventListener('click', () => {
    add()
    rows.lastElementChild.querySelector('input').focus()
    changed()
  })

  return {
    /** The question as `Policy.decide` takes it. */
    get value() {
      const context = {}
      for (const one of rows.children) {
        const [key, value] = Array.from(one.querySelectorAll('input'), (input) => input.value)
        if (key.trim() !== '') (context[key.trim()] ??= []).push(value)
      }
      return { action: action.value.trim(), resource: resource.value.trim(), context }
    },
    set value(question) {
      action.value = question.action
      resource.value = question.resource
      rows.replaceChildren()
      for (const [key, value] of Object.entries(question.context)) add(key, value)
      none.hidden = rows.childElementCount > 0
    },
  }
}

function row(key, value, changed) {
  const remove = element('button', { type: 'button', class: 'remove', 'aria-label': 'Remove this value' }, '×')
  const made = element(
    'div',
    { class: 'row', role: 'group', 'aria-label': 'Condition value' },
    element('input', { 'aria-label': 'Key', list: 'context-keys', placeholder: 'aws:username', spellcheck: 'false', autocapitalize: 'off', value: key }),
    element('input', { 'aria-label': 'Value', placeholder: 'value', spellcheck: 'false', autocapitalize: 'off', value }),
    remove,
  )
  remove.addEventListener('click', () => {
    made.remove()
    changed()
  })
  return made
}
