//! Bytes as numbers from 0 to 1.

use super::lanes::Lanes;

plain!(Scale<T: Lanes> = scale(bytes: &'a [u8], scalars: &'a mut [T], high: T, low: T));

/// `scalars = bytes · (high + low)`, for two parts of `1 / 255`: to the bit the quotients by 255, but a division takes longer.
///
/// `high` has so few bits that its product with a byte is exact; `low` is so small that the error of its product hardly
/// counts: the bits of a quotient repeat the byte, so that none is near the middle between two scalars.
#[inline(always)]
fn scale<T: Lanes>(bytes: &[u8], scalars: &mut [T], high: T, low: T) {
    assert_eq!(bytes.len(), scalars.len());
    for (scalar, &byte) in scalars.iter_mut().zip(bytes) {
        let byte = T::from(byte);
        *scalar = byte * high + byte * low;
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kernel;

    #[test]
    fn every_byte_is_divided_to_the_last_bit() {
        let bytes: [u8; 256] = core::array::from_fn(|byte| u8::try_from(byte).unwrap());
        let (mut single, mut double) = ([f32::NAN; 256], [f64::NAN; 256]);
        f32::from_bytes(&bytes, &mut single);
        f64::from_bytes(&bytes, &mut double);
        assert_eq!(single, bytes.map(|byte| f32::from(byte) / 255.0));
        assert_eq!(double, bytes.map(|byte| f64::from(byte) / 255.0));
    }
}
