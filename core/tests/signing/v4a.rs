//! SigV4A, from the published description.

use super::{Draft, Signer, Wire, escape, hex, mac, names, query, wire};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "AWS4-ECDSA-P256-SHA256";
/// The order of the curve, less two.
const LARGEST: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x4f,
];

impl Signer {
    /// The key that signs.
    pub fn key_v4a(&self) -> SigningKey {
        let secret = format!("AWS4A{}", self.secret);
        for counter in 1..=254 {
            let parts: [&[u8]; 6] = [
                &[0, 0, 0, 1],
                ALGORITHM.as_bytes(),
                &[0],
                self.access_key.as_bytes(),
                &[counter],
                &[0, 0, 1, 0],
            ];
            let mut number = mac(secret.as_bytes(), &parts.concat());
            if number.as_slice() <= &LARGEST[..] {
                for byte in number.iter_mut().rev() {
                    *byte = byte.wrapping_add(1);
                    if *byte != 0 {
                        break;
                    }
                }
                return SigningKey::from_slice(&number).unwrap();
            }
        }
        unreachable!()
    }

    fn scope_v4a(&self) -> String {
        let day = self.scope_day.as_deref().unwrap_or(&self.date[..8]);
        format!("{day}/{}/aws4_request", self.service)
    }

    /// The string to sign of a canonical request.
    pub fn string_to_sign_v4a(&self, canonical: &str) -> String {
        format!("{ALGORITHM}\n{}\n{}\n{}", self.date, self.scope_v4a(), hex(&Sha256::digest(canonical)))
    }

    /// The digits of a signature of a text.
    pub fn signature_v4a(&self, text: &str) -> String {
        let signature: Signature = self.key_v4a().sign(text.as_bytes());
        let (r, s) = signature.split_bytes();
        let numbers = [integer(&r), integer(&s)].concat();
        hex(&[&[0x30, numbers.len() as u8], &numbers[..]].concat())
    }

    /// Signs in the header for a set of regions, with `x-amz-date` and the hash of the body.
    pub fn sign_v4a(&self, draft: &Draft, region_set: &str) -> Wire {
        let (mut headers, payload) = (draft.headers.clone(), hex(&Sha256::digest(&draft.body)));
        for (name, value) in [
            ("X-Amz-Date", &*self.date),
            ("X-Amz-Region-Set", region_set),
            ("x-amz-content-sha256", &payload),
        ] {
            headers.push((name.to_owned(), value.to_owned()));
        }
        let draft = Draft { headers, ..draft.clone() };
        let signed = names(&draft.headers);
        let canonical = self.canonical(&draft, &query(&draft.query), &signed, &payload);
        let authorization = format!(
            "{ALGORITHM} Credential={}/{}, SignedHeaders={}, Signature={}",
            self.access_key,
            self.scope_v4a(),
            signed.join(";"),
            self.signature_v4a(&self.string_to_sign_v4a(&canonical)),
        );
        let wire = wire(&draft, &query(&draft.query), draft.headers.clone());
        wire.header("Authorization", &authorization)
    }

    /// Signs in the query for a set of regions; all headers of the draft are signed.
    pub fn presign_v4a(&self, draft: &Draft, region_set: &str, expires: &str) -> Wire {
        let signed = names(&draft.headers);
        let mut draft = draft.clone();
        for (name, value) in [
            ("X-Amz-Algorithm", ALGORITHM),
            ("X-Amz-Credential", &format!("{}/{}", self.access_key, self.scope_v4a())),
            ("X-Amz-Date", &self.date),
            ("X-Amz-Expires", expires),
            ("X-Amz-Region-Set", region_set),
            ("X-Amz-SignedHeaders", &signed.join(";")),
        ] {
            draft = draft.query(name, value);
        }
        let query = query(&draft.query);
        let canonical = self.canonical(&draft, &query, &signed, "UNSIGNED-PAYLOAD");
        let signature = self.signature_v4a(&self.string_to_sign_v4a(&canonical));
        let signature = escape(signature.as_bytes(), false);
        wire(&draft, &format!("{query}&X-Amz-Signature={signature}"), draft.headers.clone())
    }
}

/// A positive DER integer.
fn integer(number: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = number.iter().copied().skip_while(|&b| b == 0).collect();
    let sign: &[u8] = if digits[0] >= 0x80 { &[0] } else { &[] };
    let content = [sign, &digits].concat();
    [&[0x02, content.len() as u8], &content[..]].concat()
}
