//! The key pair of SigV4A: derived from an access key and its secret, and the same for every day, region and
//! service (spec: sigv4, section 2.7).

use super::SecretKey;
use super::classify::ALGORITHM_V4A;
use super::hash::{Buffer, KeyBlock, MacKey};
use super::sink::Sink;
use zeroize::Zeroizing;

/// The private key. There is none only if 254 candidates in a row are out of range, each with a chance of one
/// in four thousand million.
pub(super) fn derive(access_key: &str, secret: &SecretKey) -> Option<p256::SecretKey> {
    let (key, mut buffer) = (MacKey::new(&KeyBlock::new(b"AWS4A", secret.bytes())), Buffer::new());
    (1..=254_u8).find_map(|counter| {
        let mut candidate = Zeroizing::new(key.mac(&mut buffer, |sink| {
            sink.put(&1_u32.to_be_bytes());
            sink.put(ALGORITHM_V4A);
            sink.put_byte(0);
            sink.put(access_key.as_bytes());
            sink.put_byte(counter);
            sink.put(&256_u32.to_be_bytes());
        }));
        add_one(&mut candidate);
        // A candidate of at most the order less two is one more than that: from one to the order less one,
        // which is just what a private key may be. One that wraps around is zero, and none.
        p256::SecretKey::from_slice(&*candidate).ok()
    })
}

/// Adds one to a number, most significant byte first, in the same time for all numbers.
fn add_one(number: &mut [u8; 32]) {
    let mut carry = 1;
    for byte in number.iter_mut().rev() {
        let sum = u16::from(*byte) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
}

#[cfg(test)]
mod tests {
    use super::super::sink::unhex;
    use super::*;

    #[test]
    fn the_public_key_is_the_published_one() {
        let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let key = derive("AKIDEXAMPLE", &secret).unwrap();
        let x = "b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1";
        let y = "865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518";
        let number = |hex: &str| unhex(hex.as_bytes(), true).unwrap();
        let point = [&[4][..], &number(x), &number(y)].concat();
        assert_eq!(key.public_key(), p256::PublicKey::from_sec1_bytes(&point).unwrap());
    }

    #[test]
    fn one_is_carried_as_far_as_it_goes() {
        let mut number = [0; 32];
        add_one(&mut number);
        assert_eq!(number[30..], [0, 1]);
        number[31] = 0xff;
        add_one(&mut number);
        assert_eq!(number[30..], [1, 0]);
        let mut most = [0xff; 32];
        add_one(&mut most);
        assert_eq!(most, [0; 32]);
    }
}
