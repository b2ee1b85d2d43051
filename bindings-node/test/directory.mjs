// The directory that the tests use: two users, a group, a built-in and two own policies.
export const ALICE = { accessKeyId: 'alice', secretAccessKey: 'alice-secret-key' }
export const BOB = { accessKeyId: 'bob', secretAccessKey: 'bob-secret-key' }
/** A key that acts for Alice. */
export const ALICE2 = { accessKeyId: 'ALICE2', secretAccessKey: 'second-secret-of-alice' }

const allow = (Sid, Action, Resource, more) => ({ Sid, Effect: 'Allow', Action, Resource, ...more })

export const directory = JSON.stringify({
  version: 1,
  policies: {
    photos: {
      Version: '2012-10-17',
      Statement: [
        allow('Objects', ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], 'arn:aws:s3:::photos/*'),
        allow('List', 's3:ListBucket', 'arn:aws:s3:::photos'),
        { Sid: 'Vault', Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::photos/vault/*' },
      ],
    },
    released: {
      Version: '2012-10-17',
      Statement: [
        allow('Released', 's3:GetObject', 'arn:aws:s3:::releases/*', {
          Condition: { StringEquals: { 's3:ExistingObjectTag/état': 'publié' } },
        }),
      ],
    },
  },
  users: {
    alice: {
      secret_key: ALICE.secretAccessKey,
      access_keys: [{ access_key: ALICE2.accessKeyId, secret_key: ALICE2.secretAccessKey }],
    },
    bob: { secret_key: BOB.secretAccessKey, policies: ['readonly'] },
  },
  groups: { photographers: { members: ['alice'], policies: ['photos', 'released'] } },
})
