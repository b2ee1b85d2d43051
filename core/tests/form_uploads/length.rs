//! The length of the file: all ranges count, the most while it arrives and the least at the end.

use super::draft::{Draft, Version, verifier};
use super::signing::Signer;
use proptest::collection::vec;
use proptest::prelude::*;
use s3iam::ErrorCode;
use s3iam::error::ErrorProfile;
use s3iam::signature::{Options, Verifier};
use serde_json::json;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_range_counts(ranges in vec((0_u64..40, 0_u64..60), 0..4), length in 0_u64..60) {
        let signer = Signer::default();
        let (ring, verifier) = (signer.ring(), verifier(&signer, 4));
        let mut draft = Draft::new(&[("key", "k")]);
        let mut conditions = draft.exactly();
        conditions.extend(ranges.iter().map(|(min, max)| json!(["content-length-range", min, max])));
        let fits = |length: u64| ranges.iter().all(|(min, max)| (*min..=*max).contains(&length));
        let may_go_on = |length: u64| ranges.iter().all(|(_, max)| length <= *max);
        draft.sign(&signer, Version::V4, &conditions).verify(&verifier, &ring, signer.now(), |answer| {
            let upload = answer.unwrap();
            for received in 0..=length {
                assert_eq!(upload.check_length(received, false).is_ok(), may_go_on(received));
                assert_eq!(upload.check_length(received, true).is_ok(), fits(received));
            }
        });
        draft.file_length = Some(length);
        let signed = draft.sign(&signer, Version::V4, &conditions);
        prop_assert_eq!(signed.verify(&verifier, &ring, signer.now(), |answer| answer.is_ok()), fits(length));
    }
}

#[test]
fn a_refused_length_says_what_is_allowed() {
    let signer = Signer::default();
    let ring = signer.ring();
    let draft = Draft::new(&[("key", "k")]);
    let mut conditions = draft.exactly();
    conditions.push(json!(["content-length-range", 5, 10]));
    let signed = draft.sign(&signer, Version::V4, &conditions);
    for (profile, details) in [(ErrorProfile::Aws, true), (ErrorProfile::Minio, false)] {
        let verifier = Verifier::new(Options { error_profile: profile, ..Options::default() });
        signed.verify(&verifier, &ring, signer.now(), |answer| {
            let upload = answer.unwrap();
            let large = upload.check_length(11, false).unwrap_err();
            assert_eq!(large.code(), ErrorCode::FormFileTooLarge);
            let expected = [("ProposedSize", "11".to_owned()), ("MaxSizeAllowed", "10".to_owned())];
            assert_eq!(large.details(), if details { &expected[..] } else { &[] });
            let small = upload.check_length(4, true).unwrap_err();
            assert_eq!(small.code(), ErrorCode::FormFileTooSmall);
            let expected = [("ProposedSize", "4".to_owned()), ("MinSizeAllowed", "5".to_owned())];
            assert_eq!(small.details(), if details { &expected[..] } else { &[] });
            assert_eq!(upload.check_length(4, false), Ok(()));
        });
    }
}
