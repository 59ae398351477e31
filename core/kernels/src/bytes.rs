//! Bytes as numbers from 0 to 1.

use crate::simd::Real;

plain! {
    /// `scalars = bytes / 255`.
    pub struct FromBytes = from_bytes {
        /// As many as scalars.
        pub bytes: &'a [u8],
        /// From 0 to 1.
        pub scalars: &'a mut [T],
    }
}

/// `scalars = bytes · (high + low)`, for two parts of `1 / 255`: to the bit the quotients by 255, but a division takes longer.
///
/// `high` has so few bits that its product with a byte is exact; `low` is so small that the error of its product hardly
/// counts: the bits of a quotient repeat the byte, so that none is near the middle between two scalars.
#[inline(always)]
fn from_bytes<T: Real>(bytes: &[u8], scalars: &mut [T]) {
    let (high, low) = (T::from_f64(257.0 / 65536.0), T::from_f64(1.0 / 255.0 / 65536.0));
    assert_eq!(bytes.len(), scalars.len());
    for (scalar, &byte) in scalars.iter_mut().zip(bytes) {
        let byte = T::from(byte);
        *scalar = byte * high + byte * low;
    }
}

#[cfg(test)]
mod tests {
    use super::FromBytes;

    #[test]
    fn every_byte_is_divided_to_the_last_bit() {
        let bytes: [u8; 256] = core::array::from_fn(|byte| u8::try_from(byte).unwrap());
        let (mut single, mut double) = ([f32::NAN; 256], [f64::NAN; 256]);
        FromBytes { bytes: &bytes, scalars: &mut single }.run();
        FromBytes { bytes: &bytes, scalars: &mut double }.run();
        assert_eq!(single, bytes.map(|byte| f32::from(byte) / 255.0));
        assert_eq!(double, bytes.map(|byte| f64::from(byte) / 255.0));
    }
}
