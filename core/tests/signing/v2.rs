//! SigV2, from the published description.

use super::{Draft, Signer, Wire, escape, names, query, wire};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// The parameters of tests that are signed.
pub const SIGNED: [&str; 5] = ["acl", "partNumber", "response-content-type", "uploadId", "versionId"];

impl Signer {
    /// The date as HTTP writes it. The day of the week is not looked at.
    pub fn date_v2(&self) -> String {
        let at = |from: usize, to: usize| &self.date[from..to];
        let month = at(4, 6).parse::<usize>().unwrap() * 3;
        let month = &"JanFebMarAprMayJunJulAugSepOctNovDec"[month - 3..month];
        let time = format!("{}:{}:{}", at(9, 11), at(11, 13), at(13, 15));
        format!("Thu, {} {month} {} {time} GMT", at(6, 8), at(0, 4))
    }

    /// Signs in the header, with `Date`. The bucket is in the path.
    pub fn sign_v2(&self, draft: &Draft) -> Wire {
        let signature = self.signature_v2(draft, &self.date_v2());
        let wire = wire(draft, &query(&draft.query), draft.headers.clone());
        wire.header("Date", &self.date_v2())
            .header("Authorization", &format!("AWS {}:{signature}", self.access_key))
    }

    /// Signs in the query, to be good until that second.
    pub fn presign_v2(&self, draft: &Draft, end: i64) -> Wire {
        let signature = self.signature_v2(draft, &end.to_string());
        let draft = draft.clone().query("AWSAccessKeyId", &self.access_key).query("Signature", &signature);
        let draft = draft.query("Expires", &end.to_string());
        wire(&draft, &query(&draft.query), draft.headers.clone())
    }

    fn signature_v2(&self, draft: &Draft, date: &str) -> String {
        let value = |name: &str| {
            let values = draft.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
            values.map(|(_, value)| value.trim()).collect::<Vec<_>>().join(",")
        };
        let mut text =
            format!("{}\n{}\n{}\n{date}\n", draft.method, value("content-md5"), value("content-type"));
        for name in names(&draft.headers).iter().filter(|name| name.starts_with("x-amz-")) {
            text += &format!("{name}:{}\n", value(name));
        }
        text += &escape(&draft.path, true);
        let mut parameters: Vec<String> = Vec::new();
        for name in SIGNED {
            for (_, value) in draft.query.iter().filter(|(n, _)| n == name.as_bytes()) {
                let value = String::from_utf8(value.clone()).unwrap();
                parameters.push(if value.is_empty() { name.to_owned() } else { format!("{name}={value}") });
            }
        }
        if !parameters.is_empty() {
            text += &format!("?{}", parameters.join("&"));
        }
        let mut mac = Hmac::<Sha1>::new_from_slice(self.secret.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        base64(&mac.finalize().into_bytes())
    }
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0_u32, |sum, at| sum << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let letter = ALPHABET[(group >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}
