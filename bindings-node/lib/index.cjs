'use strict'
// Identity and access management for S3-compatible storage.

const { Account } = require('./account.cjs')
const { Access } = require('./asked.cjs')
const { BodyReader, bodyTransformStream, storedContentEncoding } = require('./body.cjs')
const { classify } = require('./diagnosis.cjs')
const errors = require('./errors.cjs')
const { Iam } = require('./iam.cjs')
const { Layers } = require('./layers.cjs')
const { Policy, PolicySet, builtInPolicies, validate } = require('./policy.cjs')
const { ChunkSigner, Signer } = require('./signer.cjs')
const { bodyTransform } = require('./stream.cjs')
const { Upload } = require('./upload.cjs')
const { Verdict } = require('./verdict.cjs')
const { Verifier } = require('./verifier.cjs')

exports.Access = Access
exports.AccessDenied = errors.AccessDenied
exports.Account = Account
exports.BodyReader = BodyReader
exports.ChunkSigner = ChunkSigner
exports.DirectoryError = errors.DirectoryError
exports.Iam = Iam
exports.Layers = Layers
exports.OperationError = errors.OperationError
exports.Policy = Policy
exports.PolicyError = errors.PolicyError
exports.PolicySet = PolicySet
exports.S3IamError = errors.S3IamError
exports.SignatureError = errors.SignatureError
exports.Signer = Signer
exports.Upload = Upload
exports.Verdict = Verdict
exports.Verifier = Verifier
exports.bodyTransform = bodyTransform
exports.bodyTransformStream = bodyTransformStream
exports.builtInPolicies = builtInPolicies
exports.classify = classify
exports.storedContentEncoding = storedContentEncoding
exports.validate = validate
