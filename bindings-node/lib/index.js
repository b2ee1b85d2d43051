// The same objects as `index.cjs`, so that an error is an instance of one class however it was loaded.
import s3iam from './index.cjs'

export const {
  Access,
  AccessDenied,
  Account,
  BodyReader,
  ChunkSigner,
  DirectoryError,
  Iam,
  Layers,
  OperationError,
  Policy,
  PolicyError,
  PolicySet,
  S3IamError,
  SignatureError,
  Signer,
  Upload,
  Verdict,
  Verifier,
  bodyTransform,
  bodyTransformStream,
  builtInPolicies,
  classify,
  storedContentEncoding,
  validate,
} = s3iam
