//! The table of everything that can go wrong: one row a situation. The Python, TypeScript and C
//! names of the codes and the manual's list are generated from it (`cargo xtask generate`).
//!
//! A row is: number (stable, never reused; blocks by topic), Rust name, stable code, then the S3
//! code, HTTP status and message in AWS's wording, and where MinIO answers otherwise its own. Rows of a
//! feature are not there without it: a small module holds the whole table.

/// An S3 answer to a situation: code, HTTP status, message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct S3Answer {
    /// The `<Code>` of the S3 error body.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The `<Message>` of the S3 error body, before any detail is added.
    pub message: &'static str,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The number that C sees; stable across versions.
    pub number: u16,
    /// The code.
    pub code: ErrorCode,
    /// The stable text form, the same in every language.
    pub name: &'static str,
    /// The answer in AWS's wording.
    pub aws: S3Answer,
    /// The answer in MinIO's wording.
    pub minio: S3Answer,
}

macro_rules! answer {
    ($code:literal $status:literal $message:literal) => {
        S3Answer { code: $code, status: $status, message: $message }
    };
}

macro_rules! minio_answer {
    ([$($aws:tt)*]) => { answer!($($aws)*) };
    ([$($aws:tt)*] [$($minio:tt)*]) => { answer!($($minio)*) };
}

macro_rules! table {
    ($($(#[$only:meta])* $number:literal $variant:ident $name:literal $aws:tt $(minio $minio:tt)?;)*) => {
        /// What went wrong, as a stable code. The text form is [`ErrorCode::name`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(
                #[doc = concat!("`", $name, "`")]
                $(#[$only])*
                $variant,
            )*
        }

        /// Every row, in the order of the numbers.
        pub static TABLE: &[Row] = &[$(
            $(#[$only])*
            Row {
                number: $number,
                code: ErrorCode::$variant,
                name: $name,
                aws: minio_answer!($aws),
                minio: minio_answer!($aws $($minio)?),
            },
        )*];

        impl ErrorCode {
            /// The row of this code.
            pub fn row(self) -> &'static Row {
                // The codes are counted as the rows are.
                #[allow(clippy::indexing_slicing)]
                &TABLE[self as usize]
            }
        }
    };
}

table! {
    // 1..99: use of the library
    1 InvalidArgument "invalid-argument" ["InvalidArgument" 400 "Invalid Argument"];
    2 InvalidUtf8 "invalid-utf8" ["InvalidArgument" 400 "The text is not valid UTF-8."];
    3 MalformedPackedRequest "malformed-packed-request" ["InvalidRequest" 400 "The packed request is malformed."];
    4 NullPointer "null-pointer" ["InternalError" 500 "We encountered an internal error. Please try again."];
    5 Internal "internal" ["InternalError" 500 "We encountered an internal error. Please try again."];
    6 Unsupported "unsupported" ["NotImplemented" 501 "A header or operation you provided implies functionality that is not implemented."];

    // 100..199: policies
    100 PolicyUnreadable "policy-unreadable" ["MalformedPolicy" 400 "The policy document cannot be read."];
    101 PolicyInvalid "policy-invalid" ["MalformedPolicy" 400 "The policy document is not valid."];
    102 PolicyTooLarge "policy-too-large" ["PolicyTooLarge" 400 "The policy document is too large."];

    // 200..299: directories of identities
    200 DirectoryUnreadable "directory-unreadable" ["InternalError" 500 "The directory of identities cannot be read."] minio ["XMinioIAMNotInitialized" 503 "IAM sub-system not initialized yet, please try again."];
    201 DirectoryInvalid "directory-invalid" ["InternalError" 500 "The directory of identities is not valid."] minio ["XMinioIAMNotInitialized" 503 "IAM sub-system not initialized yet, please try again."];

    // 300..399: authentication (spec: sigv4, section 6.2)
    300 SeveralMechanisms "several-auth-mechanisms" ["InvalidArgument" 400 "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"] minio ["InvalidRequest" 400 "Invalid Request (request has multiple authentication types, please use one)"];
    301 RepeatedAuthParameter "repeated-auth-parameter" ["InvalidArgument" 400 "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"] minio ["InvalidRequest" 400 "Invalid Request (request has multiple authentication types, please use one)"];
    302 AuthorizationForm "authorization-form" ["InvalidArgument" 400 "Authorization header is invalid -- one and only one ' ' (space) required."];
    303 UnknownAuthScheme "unknown-auth-scheme" ["InvalidArgument" 400 "Unsupported Authorization Type"] minio ["InvalidRequest" 400 "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."];
    304 AuthFormUnsupported "auth-form-unsupported" ["InvalidRequest" 400 "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."];
    305 AuthorizationComponents "authorization-components" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature."] minio ["MissingFields" 400 "Missing fields in request."];
    306 AuthorizationComponentMalformed "authorization-component-malformed" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; an authorization component is malformed."] minio ["MissingFields" 400 "Missing fields in request."];
    307 MissingCredential "missing-credential" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; missing Credential."] minio ["InvalidRequest" 400 "Missing Credential field for this request."];
    308 MissingSignedHeaders "missing-signed-headers" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; missing SignedHeaders."] minio ["InvalidArgument" 400 "Signature header missing SignedHeaders field."];
    309 MissingSignature "missing-signature" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; missing Signature."] minio ["AccessDenied" 400 "Signature header missing Signature field."];
    310 CredentialMalformed "credential-malformed" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."] minio ["AuthorizationQueryParametersError" 400 "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."];
    311 ScopeDateMalformed "scope-date-malformed" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; incorrect date format. This date in the credential must be in the format \"yyyyMMdd\"."] minio ["AuthorizationQueryParametersError" 400 "Error parsing the X-Amz-Credential parameter; incorrect date format. This date in the credential must be in the format \"yyyyMMdd\"."];
    312 ScopeDateMismatch "scope-date-mismatch" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; Invalid credential date. Date is not the same as X-Amz-Date."];
    313 WrongRegion "wrong-region" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; the region is wrong."];
    314 WrongService "wrong-service" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; incorrect service."] minio ["AuthorizationParametersError" 400 "Error parsing the Credential/X-Amz-Credential parameter; incorrect service."];
    315 WrongTerminal "wrong-terminal" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; incorrect terminal. This endpoint uses \"aws4_request\"."] minio ["AuthorizationQueryParametersError" 400 "Error parsing the X-Amz-Credential parameter; incorrect terminal. This endpoint uses \"aws4_request\"."];
    316 SignatureForm "signature-form" ["SignatureDoesNotMatch" 403 "The request signature we calculated does not match the signature you provided. Check your key and signing method."];
    317 MissingDate "missing-date" ["AccessDenied" 403 "AWS authentication requires a valid Date or x-amz-date header"];
    318 MalformedDate "malformed-date" ["AccessDenied" 403 "AWS authentication requires a valid Date or x-amz-date header"] minio ["MalformedDate" 400 "Invalid date format header, expected to be in ISO8601, RFC1123 or RFC1123Z time format."];
    319 RequestTimeTooSkewed "request-time-too-skewed" ["RequestTimeTooSkewed" 403 "The difference between the request time and the server's time is too large."];
    320 UnknownAccessKey "unknown-access-key" ["InvalidAccessKeyId" 403 "The AWS Access Key Id you provided does not exist in our records."] minio ["InvalidAccessKeyId" 403 "The Access Key Id you provided does not exist in our records."];
    321 DisabledAccessKey "disabled-access-key" ["InvalidAccessKeyId" 403 "The AWS Access Key Id you provided does not exist in our records."] minio ["InvalidAccessKeyId" 403 "Your account is disabled; please contact your administrator."];
    322 TokenMissing "session-token-missing" ["InvalidAccessKeyId" 403 "The AWS Access Key Id you provided does not exist in our records."] minio ["InvalidTokenId" 403 "The security token included in the request is invalid"];
    323 TokenInvalid "session-token-invalid" ["InvalidToken" 400 "The provided token is malformed or otherwise invalid."] minio ["InvalidTokenId" 403 "The security token included in the request is invalid"];
    324 TokenExpired "session-expired" ["ExpiredToken" 400 "The provided token has expired."] minio ["InvalidAccessKeyId" 403 "The Access Key Id you provided does not exist in our records."];
    325 HeadersNotSigned "headers-not-signed" ["AccessDenied" 403 "There were headers present in the request which were not signed"] minio ["AccessDenied" 400 "There were headers present in the request which were not signed"];
    326 SignedHeaderAbsent "signed-header-absent" ["SignatureDoesNotMatch" 403 "The request signature we calculated does not match the signature you provided. Check your key and signing method."] minio ["AccessDenied" 400 "There were headers present in the request which were not signed"];
    327 SignatureDoesNotMatch "signature-does-not-match" ["SignatureDoesNotMatch" 403 "The request signature we calculated does not match the signature you provided. Check your key and signing method."];
    328 MissingContentSha256 "missing-content-sha256" ["InvalidRequest" 400 "Missing required header for this request: x-amz-content-sha256"];
    329 InvalidContentSha256 "invalid-content-sha256" ["InvalidArgument" 400 "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value."];
    330 ContentSha256Mismatch "content-sha256-mismatch" ["XAmzContentSHA256Mismatch" 400 "The provided 'x-amz-content-sha256' header does not match what was computed."];
    331 QueryParametersMissing "query-parameters-missing" ["AuthorizationQueryParametersError" 400 "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."];
    332 QueryAlgorithm "query-algorithm" ["AuthorizationQueryParametersError" 400 "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\""] minio ["AuthorizationQueryParametersError" 400 "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"."];
    333 QueryCredentialMalformed "query-credential-malformed" ["AuthorizationQueryParametersError" 400 "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."];
    334 QueryScopeDateMalformed "query-scope-date-malformed" ["AuthorizationQueryParametersError" 400 "Error parsing the X-Amz-Credential parameter; incorrect date format. This date in the credential must be in the format \"yyyyMMdd\"."];
    335 QueryScopeDateMismatch "query-scope-date-mismatch" ["AuthorizationQueryParametersError" 400 "Invalid credential date. This date is not the same as X-Amz-Date."];
    336 QueryWrongRegion "query-wrong-region" ["AuthorizationQueryParametersError" 400 "Error parsing the X-Amz-Credential parameter; the region is wrong."] minio ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; the region is wrong."];
    337 QueryWrongService "query-wrong-service" ["AuthorizationQueryParametersError" 400 "Error parsing the X-Amz-Credential parameter; incorrect service."] minio ["AuthorizationParametersError" 400 "Error parsing the Credential/X-Amz-Credential parameter; incorrect service."];
    338 QueryWrongTerminal "query-wrong-terminal" ["AuthorizationQueryParametersError" 400 "Error parsing the X-Amz-Credential parameter; incorrect terminal. This endpoint uses \"aws4_request\"."];
    339 QuerySignatureForm "query-signature-form" ["SignatureDoesNotMatch" 403 "The request signature we calculated does not match the signature you provided. Check your key and signing method."];
    340 QueryDateMalformed "query-date-malformed" ["AuthorizationQueryParametersError" 400 "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""];
    341 ExpiresNotNumber "expires-not-number" ["AuthorizationQueryParametersError" 400 "X-Amz-Expires should be a number"];
    342 ExpiresNegative "expires-negative" ["AuthorizationQueryParametersError" 400 "X-Amz-Expires must be non-negative"];
    343 ExpiresTooLong "expires-too-long" ["AuthorizationQueryParametersError" 400 "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds"];
    344 ExpiresZero "expires-zero" ["AuthorizationQueryParametersError" 400 "X-Amz-Expires must be greater than zero"];
    345 PresignExpired "presign-expired" ["AccessDenied" 403 "Request has expired"];
    346 PresignNotYetValid "presign-not-yet-valid" ["AccessDenied" 403 "Request is not valid yet"];
    347 StreamingWithoutSignature "streaming-without-signature" ["InvalidRequest" 400 "Anonymous requests don't support this x-amz-content-sha256 value. Please use UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER."];
    348 StreamingNotAllowed "streaming-not-allowed" ["InvalidRequest" 400 "The value of x-amz-content-sha256 header is invalid."];
    349 MissingHost "missing-host" ["InvalidRequest" 400 "Missing required header for this request: host"];
    350 RepeatedHeader "repeated-header" ["InvalidRequest" 400 "A header that must be sent once was sent more than once."];
    351 AuthorizationTooLarge "authorization-too-large" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; it exceeds the maximum size."];
    352 SignedHeadersMalformed "signed-headers-malformed" ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; the SignedHeaders list is malformed."] minio ["MissingFields" 400 "Missing fields in request."];
    353 BodyRequired "body-required" ["InvalidRequest" 400 "The body of this request is needed to verify its signature."];
    354 TooManyHeaders "too-many-headers" ["RequestHeaderSectionTooLarge" 400 "Your request header section exceeds the maximum allowed size."];
    355 TokenTooLarge "session-token-too-large" ["InvalidToken" 400 "The provided token is malformed or otherwise invalid."] minio ["InvalidTokenId" 403 "The security token included in the request is invalid"];
    356 TooManyQueryParameters "too-many-query-parameters" ["InvalidURI" 400 "Couldn't parse the specified URI."];
    357 QuerySignedHeadersMalformed "query-signed-headers-malformed" ["AuthorizationQueryParametersError" 400 "X-Amz-SignedHeaders must be a list of lower-case header names."];

    // 360..379: bodies (spec: sigv4, sections 4.3 to 4.5)
    #[cfg(feature = "forms")]
    360 MissingDecodedLength "missing-decoded-length" ["MissingContentLength" 411 "You must provide the Content-Length HTTP header."];
    #[cfg(feature = "forms")]
    361 BodyTooLarge "body-too-large" ["EntityTooLarge" 400 "Your proposed upload exceeds the maximum allowed size"] minio ["EntityTooLarge" 400 "Your proposed upload exceeds the maximum allowed object size."];
    #[cfg(feature = "forms")]
    362 MalformedChunk "malformed-chunk" ["IncompleteBody" 400 "The request body terminated unexpectedly"] minio ["BadRequest" 400 "malformed chunked encoding"];
    #[cfg(feature = "forms")]
    363 ChunkTooLarge "chunk-too-large" ["InvalidRequest" 400 "chunk too big: choose chunk size <= 16MiB"] minio ["BadRequest" 400 "chunk too big: choose chunk size <= 16MiB"];
    #[cfg(feature = "forms")]
    364 ChunkTooSmall "chunk-too-small" ["InvalidChunkSizeError" 400 "Only the last chunk is allowed to have a size less than 8192 bytes"];
    #[cfg(feature = "forms")]
    365 ChunkSignatureDoesNotMatch "chunk-signature-does-not-match" ["SignatureDoesNotMatch" 403 "The request signature we calculated does not match the signature you provided. Check your key and signing method."];
    #[cfg(feature = "forms")]
    366 TrailerSignatureDoesNotMatch "trailer-signature-does-not-match" ["SignatureDoesNotMatch" 403 "The request signature we calculated does not match the signature you provided. Check your key and signing method."];
    #[cfg(feature = "forms")]
    367 DecodedLengthMismatch "decoded-length-mismatch" ["IncompleteBody" 400 "You did not provide the number of bytes specified by the Content-Length HTTP header"] minio ["IncompleteBody" 400 "You did not provide the number of bytes specified by the Content-Length HTTP header."];
    #[cfg(feature = "forms")]
    368 BodyTruncated "body-truncated" ["IncompleteBody" 400 "The request body terminated unexpectedly"] minio ["IncompleteBody" 400 "You did not provide the number of bytes specified by the Content-Length HTTP header."];
    #[cfg(feature = "forms")]
    369 MalformedTrailer "malformed-trailer" ["MalformedTrailerError" 400 "The request contained trailing data that was not well-formed or did not conform to our published schema."];
    #[cfg(feature = "forms")]
    370 UnsupportedTrailer "unsupported-trailer" ["InvalidRequest" 400 "The value specified in the x-amz-trailer header is not supported"];
    #[cfg(feature = "forms")]
    371 SeveralChecksums "several-checksums" ["InvalidRequest" 400 "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."];
    #[cfg(feature = "forms")]
    372 ChecksumAbsent "checksum-absent" ["InvalidRequest" 400 "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found."];
    #[cfg(feature = "forms")]
    373 InvalidChecksumValue "invalid-checksum-value" ["InvalidRequest" 400 "Value for x-amz-checksum header is invalid."];
    #[cfg(feature = "forms")]
    374 ChecksumMismatch "checksum-mismatch" ["BadDigest" 400 "The checksum you specified did not match the calculated checksum."] minio ["XAmzContentChecksumMismatch" 400 "The provided 'x-amz-checksum' header does not match what was computed."];
    #[cfg(feature = "forms")]
    375 InvalidContentMd5 "invalid-content-md5" ["InvalidDigest" 400 "The Content-MD5 you specified was invalid."] minio ["InvalidDigest" 400 "The Content-Md5 you specified is not valid."];
    #[cfg(feature = "forms")]
    376 ContentMd5Mismatch "content-md5-mismatch" ["BadDigest" 400 "The Content-MD5 you specified did not match what we received."] minio ["BadDigest" 400 "The Content-Md5 you specified did not match what we received."];

    // 380..389: SigV4A and SigV2
    #[cfg(feature = "forms")]
    380 MissingRegionSet "missing-region-set" ["InvalidRequest" 400 "Missing required header for this request: x-amz-region-set"];
    #[cfg(feature = "forms")]
    381 QueryRegionSet "query-region-set" ["AuthorizationQueryParametersError" 400 "Query-string authentication version 4A requires one X-Amz-Region-Set parameter and no x-amz-region-set header."];
    #[cfg(feature = "forms")]
    382 AuthorizationFormV2 "authorization-form-v2" ["InvalidArgument" 400 "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature"] minio ["MissingFields" 400 "Missing fields in request."];
    #[cfg(feature = "forms")]
    383 QueryParametersMissingV2 "query-parameters-missing-v2" ["AccessDenied" 403 "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"] minio ["AuthorizationQueryParametersError" 400 "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."];
    #[cfg(feature = "forms")]
    384 ExpiresMalformedV2 "expires-malformed-v2" ["AccessDenied" 403 "Invalid date (should be seconds since epoch)"] minio ["AuthorizationQueryParametersError" 400 "X-Amz-Expires should be a number"];

    // 390..399: limits (`signature::limits`)
    #[cfg(feature = "forms")]
    390 HeaderTooLong "header-too-long" ["RequestHeaderSectionTooLarge" 400 "Your request header section exceeds the maximum allowed size."];
    #[cfg(feature = "forms")]
    391 TargetTooLong "target-too-long" ["InvalidURI" 400 "Couldn't parse the specified URI."];

    // 400..499: operations
    400 InvalidUri "invalid-uri" ["InvalidURI" 400 "Couldn't parse the specified URI."];
    401 UnsafePath "unsafe-path" ["InvalidURI" 400 "Couldn't parse the specified URI."] minio ["XMinioInvalidResourceName" 400 "Resource name contains bad components such as \"..\" or \".\"."];
    402 InvalidBucketName "invalid-bucket-name" ["InvalidBucketName" 400 "The specified bucket is not valid."];
    403 KeyTooLong "key-too-long" ["KeyTooLongError" 400 "Your key is too long"];
    404 MethodNotAllowed "method-not-allowed" ["MethodNotAllowed" 405 "The specified method is not allowed against this resource."];
    405 NotImplemented "operation-not-implemented" ["NotImplemented" 501 "A header you provided implies functionality that is not implemented."];
    406 AmbiguousOperation "ambiguous-operation" ["InvalidRequest" 400 "The request names more than one operation."];
    407 InvalidCopySource "invalid-copy-source" ["InvalidArgument" 400 "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"];
    408 MalformedXml "malformed-xml" ["MalformedXML" 400 "The XML you provided was not well-formed or did not validate against our published schema"];
    409 UriTooLong "uri-too-long" ["InvalidURI" 400 "Couldn't parse the specified URI."];
    410 ReservedBucket "reserved-bucket" ["AllAccessDisabled" 403 "All access to this resource has been disabled."] minio ["AllAccessDisabled" 403 "All access to this bucket has been disabled."];
    411 RepeatedParameter "repeated-parameter" ["InvalidArgument" 400 "A query parameter that must be sent once was sent more than once."];

    // 500..599: decisions
    500 AccessDenied "access-denied" ["AccessDenied" 403 "Access Denied"] minio ["AccessDenied" 403 "Access Denied."];
    501 FactsMissing "facts-missing" ["AccessDenied" 403 "Access Denied"] minio ["AccessDenied" 403 "Access Denied."];
    502 PolicyBroken "policy-broken" ["AccessDenied" 403 "Access Denied"] minio ["AccessDenied" 403 "Access Denied."];

    // 600..639: form uploads (spec: sigv4, section 5.3)
    #[cfg(feature = "forms")]
    600 FormNotMultipart "form-not-multipart" ["PreconditionFailed" 412 "At least one of the pre-conditions you specified did not hold"];
    #[cfg(feature = "forms")]
    601 FormMalformed "form-malformed" ["MalformedPOSTRequest" 400 "The body of your POST request is not well-formed multipart/form-data."] minio ["MalformedPOSTRequest" 400 "The body of your POST request is not well-formed multipart/form-data. (no multipart boundary param in Content-Type)"];
    #[cfg(feature = "forms")]
    602 FormFileMissing "form-file-missing" ["InvalidArgument" 400 "POST requires exactly one file upload per request."] minio ["MalformedPOSTRequest" 400 "The body of your POST request is not well-formed multipart/form-data. (The file or text content is missing)"];
    #[cfg(feature = "forms")]
    603 FormKeyMissing "form-key-missing" ["InvalidArgument" 400 "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields."] minio ["MalformedPOSTRequest" 400 "The body of your POST request is not well-formed multipart/form-data. (The name of the uploaded key is missing)"];
    #[cfg(feature = "forms")]
    604 FormFieldMissing "form-field-missing" ["InvalidArgument" 400 "Bucket POST must contain all fields of its signature. If they are specified, please check the order of the fields."] minio ["MissingFields" 400 "Missing fields in request."];
    #[cfg(feature = "forms")]
    605 FormFieldRepeated "form-field-repeated" ["InvalidArgument" 400 "A field of the form that must be sent once was sent more than once."] minio ["MalformedPOSTRequest" 400 "The body of your POST request is not well-formed multipart/form-data. (A field was sent more than once)"];
    #[cfg(feature = "forms")]
    606 FormTooLarge "form-too-large" ["MaxPostPreDataLengthExceededError" 400 "Your POST request fields preceding the upload file were too large."];
    #[cfg(feature = "forms")]
    607 FormAlgorithm "form-algorithm" ["InvalidArgument" 400 "Only AWS4-HMAC-SHA256 is supported"];
    #[cfg(feature = "forms")]
    608 FormDateMalformed "form-date-malformed" ["InvalidArgument" 400 "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""] minio ["MalformedDate" 400 "Invalid date format header, expected to be in ISO8601, RFC1123 or RFC1123Z time format."];
    #[cfg(feature = "forms")]
    609 FormCredentialMalformed "form-credential-malformed" ["InvalidArgument" 400 "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."] minio ["AuthorizationQueryParametersError" 400 "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."];
    #[cfg(feature = "forms")]
    610 FormScopeDateMalformed "form-scope-date-malformed" ["InvalidArgument" 400 "Error parsing the X-Amz-Credential parameter; incorrect date format. This date in the credential must be in the format \"yyyyMMdd\"."] minio ["AuthorizationQueryParametersError" 400 "Error parsing the X-Amz-Credential parameter; incorrect date format. This date in the credential must be in the format \"yyyyMMdd\"."];
    #[cfg(feature = "forms")]
    611 FormScopeDateMismatch "form-scope-date-mismatch" ["InvalidArgument" 400 "Invalid credential date. This date is not the same as X-Amz-Date."] minio ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; Invalid credential date. Date is not the same as X-Amz-Date."];
    #[cfg(feature = "forms")]
    612 FormWrongRegion "form-wrong-region" ["InvalidArgument" 400 "Error parsing the X-Amz-Credential parameter; the region is wrong."] minio ["AuthorizationHeaderMalformed" 400 "The authorization header is malformed; the region is wrong."];
    #[cfg(feature = "forms")]
    613 FormWrongService "form-wrong-service" ["InvalidArgument" 400 "Error parsing the X-Amz-Credential parameter; incorrect service."] minio ["AuthorizationParametersError" 400 "Error parsing the Credential/X-Amz-Credential parameter; incorrect service."];
    #[cfg(feature = "forms")]
    614 FormWrongTerminal "form-wrong-terminal" ["InvalidArgument" 400 "Error parsing the X-Amz-Credential parameter; incorrect terminal. This endpoint uses \"aws4_request\"."] minio ["AuthorizationQueryParametersError" 400 "Error parsing the X-Amz-Credential parameter; incorrect terminal. This endpoint uses \"aws4_request\"."];
    #[cfg(feature = "forms")]
    615 FormPolicyEmpty "form-policy-empty" ["InvalidPolicyDocument" 400 "Invalid Policy: Expecting '{' but found End-of-Input"] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (The policy is empty)"];
    #[cfg(feature = "forms")]
    616 FormPolicyNotBase64 "form-policy-not-base64" ["InvalidPolicyDocument" 400 "Invalid Policy: invalid Base64 encoding."] minio ["MalformedPOSTRequest" 400 "The body of your POST request is not well-formed multipart/form-data. (The policy is not Base64)"];
    #[cfg(feature = "forms")]
    617 FormPolicyNotJson "form-policy-not-json" ["InvalidPolicyDocument" 400 "Invalid Policy: Invalid JSON."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (The policy is not JSON)"];
    #[cfg(feature = "forms")]
    618 FormExpirationMissing "form-expiration-missing" ["InvalidPolicyDocument" 400 "Invalid Policy: Policy missing expiration."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (The policy has no expiration)"];
    #[cfg(feature = "forms")]
    619 FormExpirationInvalid "form-expiration-invalid" ["InvalidPolicyDocument" 400 "Invalid Policy: Invalid 'expiration' value."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (The expiration is no time)"];
    #[cfg(feature = "forms")]
    620 FormConditionsMissing "form-conditions-missing" ["InvalidPolicyDocument" 400 "Invalid Policy: Policy missing conditions."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (The policy has no conditions)"];
    #[cfg(feature = "forms")]
    621 FormConditionsNotList "form-conditions-not-list" ["InvalidPolicyDocument" 400 "Invalid Policy: Invalid 'conditions' value: must be a List."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (The conditions are no list)"];
    #[cfg(feature = "forms")]
    622 FormPolicyUnknownMember "form-policy-unknown-member" ["InvalidPolicyDocument" 400 "Invalid Policy: Unexpected member."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (The policy has an unknown member)"];
    #[cfg(feature = "forms")]
    623 FormConditionKind "form-condition-kind" ["InvalidPolicyDocument" 400 "Invalid Policy: Invalid condition test: must be a List or Object."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (A condition is neither list nor object)"];
    #[cfg(feature = "forms")]
    624 FormConditionEmpty "form-condition-empty" ["InvalidPolicyDocument" 400 "Invalid Policy: Invalid Condition: missing operation identifier."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (A condition has no operation)"];
    #[cfg(feature = "forms")]
    625 FormConditionOperator "form-condition-operator" ["InvalidPolicyDocument" 400 "Invalid Policy: Invalid Condition: unknown operation."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (A condition has an unknown operation)"];
    #[cfg(feature = "forms")]
    626 FormConditionArgumentCount "form-condition-argument-count" ["InvalidPolicyDocument" 400 "Invalid Policy: Invalid Condition: wrong number of arguments."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (A condition has a wrong number of arguments)"];
    #[cfg(feature = "forms")]
    627 FormConditionArgument "form-condition-argument" ["InvalidPolicyDocument" 400 "Invalid Policy: Invalid Condition: invalid argument."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (A condition has an invalid argument)"];
    #[cfg(feature = "forms")]
    628 FormSimpleConditionCount "form-simple-condition-count" ["InvalidPolicyDocument" 400 "Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (A condition does not have exactly one member)"];
    #[cfg(feature = "forms")]
    629 FormSimpleConditionValue "form-simple-condition-value" ["InvalidPolicyDocument" 400 "Invalid Policy: Invalid Simple-Condition: value must be a string."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (The value of a condition is no string)"];
    #[cfg(feature = "forms")]
    630 FormPrefixUnsupported "form-prefix-unsupported" ["InvalidPolicyDocument" 400 "Invalid Policy: Invalid Condition: starts-with is not supported for this field."] minio ["PostPolicyInvalidKeyName" 403 "Invalid according to Policy: Policy Conditions failed (starts-with is not supported for a field)"];
    #[cfg(feature = "forms")]
    631 FormPolicyExpired "form-policy-expired" ["AccessDenied" 403 "Invalid according to Policy: Policy expired."];
    #[cfg(feature = "forms")]
    632 FormConditionFailed "form-condition-failed" ["AccessDenied" 403 "Invalid according to Policy: Policy Condition failed."];
    #[cfg(feature = "forms")]
    633 FormFieldNotCovered "form-field-not-covered" ["AccessDenied" 403 "Invalid according to Policy: Extra input fields"] minio ["AccessDenied" 403 "Each form field that you specify in a form must appear in the list of policy conditions."];
    #[cfg(feature = "forms")]
    634 FormFileTooLarge "form-file-too-large" ["EntityTooLarge" 400 "Your proposed upload exceeds the maximum allowed size"] minio ["EntityTooLarge" 400 "Your proposed upload exceeds the maximum allowed object size."];
    #[cfg(feature = "forms")]
    635 FormFileTooSmall "form-file-too-small" ["EntityTooSmall" 400 "Your proposed upload is smaller than the minimum allowed size"] minio ["EntityTooSmall" 400 "Your proposed upload is smaller than the minimum allowed object size."];
    #[cfg(feature = "forms")]
    636 FormTrailer "form-trailer" ["InvalidRequest" 400 "A form upload has no trailing checksum."];
    #[cfg(feature = "forms")]
    637 FormFieldsNeeded "form-fields-needed" ["NotImplemented" 501 "This request is a form upload: it is verified with verify_post and authorized with authorize_post, which take its fields."];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique_and_in_order() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].number < pair[1].number, "{} before {}", pair[0].name, pair[1].name);
        }
        for (i, row) in TABLE.iter().enumerate() {
            assert!(TABLE.iter().skip(i + 1).all(|other| other.name != row.name), "{}", row.name);
            assert_eq!(row.code.row().number, row.number);
        }
    }
}
