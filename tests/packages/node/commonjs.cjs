'use strict'
const assert = require('node:assert/strict')
const { S3IamError, Verifier, validate } = require('s3iam')

assert.equal(validate('{').status, 'unreadable')
const verifier = new Verifier().addKey({ accessKey: 'AKIAEXAMPLE', secretKey: 'a-secret-of-length' })
assert.equal(verifier.verify({ method: 'GET', url: '/', headers: { host: 'localhost' } }).anonymous, true)
assert.throws(() => verifier.verify({}), S3IamError)
