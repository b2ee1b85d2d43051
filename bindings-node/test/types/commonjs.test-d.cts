// The same types reach CommonJS.
import s3iam = require('s3iam')

const policy: s3iam.Policy = s3iam.Policy.parse('{}')
const outcome: 'allow' | 'explicit_deny' | 'implicit_deny' = policy.decide({ action: 's3:GetObject', bucket: 'b' }).outcome
const layers = new s3iam.Layers({ identity: [policy] })
const layer: s3iam.LayerName = layers.decide({ action: 's3:GetObject', principal: { type: 'anonymous' } }).layer
const code: s3iam.ErrorCode = 'access-denied'
// @ts-expect-error there is no such export
s3iam.nothing
void [outcome, layer, code]
