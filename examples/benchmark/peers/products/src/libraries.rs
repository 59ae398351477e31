//! The same product in each library.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use nalgebra::{DMatrixView, DMatrixViewMut};

use crate::operands::{Operand, Operands};

/// Computes a product to a slice, with room to work in.
pub type Multiply = fn(&Operands, &mut [f32], &mut [f32]);

/// The libraries by name.
pub const LIBRARIES: [(&str, Multiply); 4] =
    [("gemm", gemm), ("faer", faer), ("matrixmultiply", matrixmultiply), ("nalgebra", nalgebra)];

fn gemm(operands: &Operands, output: &mut [f32], _: &mut [f32]) {
    let &Operands { rows, columns, depth, ref left, ref right } = operands;
    let ([left_row, left_column], [right_row, right_column]) =
        (left.strides(rows, depth), right.strides(depth, columns));
    // SAFETY: sizes and strides are those of the three slices.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            depth,
            output.as_mut_ptr(),
            rows.cast_signed(),
            1,
            false,
            left.numbers.as_ptr(),
            left_column,
            left_row,
            right.numbers.as_ptr(),
            right_column,
            right_row,
            0.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

fn matrixmultiply(operands: &Operands, output: &mut [f32], _: &mut [f32]) {
    let &Operands { rows, columns, depth, ref left, ref right } = operands;
    let ([left_row, left_column], [right_row, right_column]) =
        (left.strides(rows, depth), right.strides(depth, columns));
    // SAFETY: sizes and strides are those of the three slices.
    unsafe {
        matrixmultiply::sgemm(
            rows,
            depth,
            columns,
            1.0,
            left.numbers.as_ptr(),
            left_row,
            left_column,
            right.numbers.as_ptr(),
            right_row,
            right_column,
            0.0,
            output.as_mut_ptr(),
            1,
            rows.cast_signed(),
        );
    }
}

fn faer(operands: &Operands, output: &mut [f32], _: &mut [f32]) {
    let &Operands { rows, columns, depth, ref left, ref right } = operands;
    let output = MatMut::from_column_major_slice_mut(output, rows, columns);
    matmul(output, Accum::Replace, view(left, rows, depth), view(right, depth, columns), 1.0, Par::Seq);
}

fn view(operand: &Operand, rows: usize, columns: usize) -> MatRef<'_, f32> {
    if operand.transposed {
        MatRef::from_row_major_slice(&operand.numbers, rows, columns)
    } else {
        MatRef::from_column_major_slice(&operand.numbers, rows, columns)
    }
}

/// nalgebra's fast product has no transposed operands: they are transposed first, except for a vector.
fn nalgebra(operands: &Operands, output: &mut [f32], scratch: &mut [f32]) {
    let &Operands { rows, columns, depth, ref left, ref right } = operands;
    let mut output = DMatrixViewMut::from_slice(output, rows, columns);
    if left.transposed && columns == 1 {
        let right = DMatrixView::from_slice(&right.numbers, depth, columns);
        DMatrixView::from_slice(&left.numbers, depth, rows).tr_mul_to(&right, &mut output);
    } else if left.transposed {
        let right = DMatrixView::from_slice(&right.numbers, depth, columns);
        transpose(left, rows, depth, scratch).mul_to(&right, &mut output);
    } else if right.transposed {
        let left = DMatrixView::from_slice(&left.numbers, rows, depth);
        left.mul_to(&transpose(right, depth, columns, scratch), &mut output);
    } else {
        let left = DMatrixView::from_slice(&left.numbers, rows, depth);
        left.mul_to(&DMatrixView::from_slice(&right.numbers, depth, columns), &mut output);
    }
}

/// A transposed operand, column-major.
fn transpose<'a>(operand: &Operand, rows: usize, columns: usize, scratch: &'a mut [f32]) -> DMatrixView<'a, f32> {
    let scratch = &mut scratch[..rows * columns];
    let stored = DMatrixView::from_slice(&operand.numbers, columns, rows);
    stored.transpose_to(&mut DMatrixViewMut::from_slice(scratch, rows, columns));
    DMatrixView::from_slice(scratch, rows, columns)
}

#[cfg(test)]
mod tests {
    use harness::{Kind, Product};

    use super::*;

    /// The scalar of a matrix of `rows x columns`.
    fn at(operand: &Operand, [rows, columns]: [usize; 2], row: usize, column: usize) -> f32 {
        let Operand { numbers, transposed } = operand;
        if *transposed { numbers[row * columns + column] } else { numbers[column * rows + row] }
    }

    fn expected(operands: &Operands) -> Vec<f32> {
        let &Operands { rows, columns, depth, ref left, ref right } = operands;
        let mut output = vec![];
        for column in 0..columns {
            for row in 0..rows {
                let terms =
                    (0..depth).map(|k| at(left, [rows, depth], row, k) * at(right, [depth, columns], k, column));
                output.push(terms.sum());
            }
        }
        output
    }

    #[test]
    fn all_libraries_compute_the_same() {
        for (kind, samples) in Kind::ALL.into_iter().flat_map(|kind| [(kind, 1), (kind, 7)]) {
            let operands = Operands::new(Product { kind, samples, inputs: 13, outputs: 5 });
            let expected = expected(&operands);
            for (name, multiply) in LIBRARIES {
                let mut output = vec![f32::NAN; expected.len()];
                multiply(&operands, &mut output, &mut [0.0; 100]);
                let close = output.iter().zip(&expected).all(|(output, expected)| (output - expected).abs() < 1e-4);
                assert!(close, "{name}, {kind:?}: {output:?} is not {expected:?}");
            }
        }
    }
}
