//! The CRCs of S3.

#[cfg(not(target_family = "wasm"))]
pub(super) use crc_fast::{CrcAlgorithm, Digest};
/// The other crate brings along the tables of every CRC there is, four times the rest of a wasm module.
#[cfg(target_family = "wasm")]
pub(super) use small::{CrcAlgorithm, Digest};

/// The same by one table of 256 entries, which is made when it is needed.
#[cfg(any(test, target_family = "wasm"))]
mod small {
    /// A CRC of S3. All of them are reflected, begin with all bits set, and end with all bits turned.
    #[derive(Clone, Copy)]
    pub(crate) enum CrcAlgorithm {
        Crc32IsoHdlc,
        Crc32Iscsi,
        Crc64Nvme,
    }

    impl CrcAlgorithm {
        /// The polynomial, its highest power in the lowest bit.
        fn polynomial(self) -> u64 {
            match self {
                Self::Crc32IsoHdlc => 0xedb8_8320,
                Self::Crc32Iscsi => 0x82f6_3b78,
                Self::Crc64Nvme => 0x9a6c_9329_ac4b_c9b5,
            }
        }

        /// All bits of a value.
        fn all(self) -> u64 {
            match self {
                Self::Crc32IsoHdlc | Self::Crc32Iscsi => u64::from(u32::MAX),
                Self::Crc64Nvme => u64::MAX,
            }
        }
    }

    /// A CRC under way.
    #[derive(Clone)]
    pub(crate) struct Digest {
        algorithm: CrcAlgorithm,
        table: Box<[u64; 256]>,
        state: u64,
    }

    impl Digest {
        /// The CRC of nothing yet.
        pub(crate) fn new(algorithm: CrcAlgorithm) -> Self {
            let mut table = Box::new([0; 256]);
            for (byte, entry) in (0..).zip(table.iter_mut()) {
                *entry = (0..8).fold(byte, |value, _| {
                    let carry = if value & 1 == 0 { 0 } else { algorithm.polynomial() };
                    value >> 1 ^ carry
                });
            }
            Self { algorithm, table, state: algorithm.all() }
        }

        /// Takes the next bytes.
        pub(crate) fn update(&mut self, bytes: &[u8]) {
            let Self { table, state, .. } = self;
            for byte in bytes {
                let entry = table.get(usize::from(*state as u8 ^ byte));
                *state = *state >> 8 ^ entry.copied().unwrap_or_default();
            }
        }

        /// The CRC of all bytes.
        pub(crate) fn finalize(&self) -> u64 {
            self.state ^ self.algorithm.all()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CrcAlgorithm, Digest, small};

    #[test]
    fn the_small_ones_are_the_same() {
        let bytes: Vec<u8> = (0..1000u32).map(|i| (i * 7 % 251) as u8).collect();
        for (fast, small) in [
            (CrcAlgorithm::Crc32IsoHdlc, small::CrcAlgorithm::Crc32IsoHdlc),
            (CrcAlgorithm::Crc32Iscsi, small::CrcAlgorithm::Crc32Iscsi),
            (CrcAlgorithm::Crc64Nvme, small::CrcAlgorithm::Crc64Nvme),
        ] {
            for length in (0..40).chain([255, 256, 257, 1000]) {
                let (mut fast, mut small) = (Digest::new(fast), small::Digest::new(small));
                let (first, second) = bytes.split_at(length).0.split_at(length / 3);
                fast.update(first);
                fast.update(second);
                small.update(first);
                small.update(second);
                assert_eq!(small.finalize(), fast.finalize(), "{length}");
            }
        }
    }
}
