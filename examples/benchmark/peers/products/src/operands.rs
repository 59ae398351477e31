use harness::{Aligned, Kind, Product, numbers};

/// What is multiplied: `left` of `rows x depth` with `right` of `depth x columns`. The output is column-major.
#[derive(Debug)]
pub struct Operands {
    pub rows: usize,
    pub columns: usize,
    pub depth: usize,
    pub left: Operand,
    pub right: Operand,
}

/// A matrix, column-major unless it is `transposed`: then it is stored row by row.
#[derive(Debug)]
pub struct Operand {
    pub numbers: Aligned,
    pub transposed: bool,
}

impl Operands {
    /// The operands of a product, stored as constgrad stores them.
    pub fn new(Product { kind, samples, inputs, outputs }: Product) -> Self {
        let (rows, depth, columns, left_transposed, right_transposed) = match kind {
            Kind::Forward => (outputs, inputs, samples, true, false),
            Kind::Weight => (inputs, samples, outputs, false, true),
            Kind::Input => (inputs, outputs, samples, false, false),
        };
        let left = Operand { numbers: Aligned::new(&numbers(rows * depth)), transposed: left_transposed };
        let right = Operand { numbers: Aligned::new(&numbers(depth * columns)), transposed: right_transposed };
        Self { rows, columns, depth, left, right }
    }
}

impl Operand {
    /// From one row to the next, and from one column to the next, in a matrix of `rows x columns`.
    pub fn strides(&self, rows: usize, columns: usize) -> [isize; 2] {
        let [row, column] = if self.transposed { [columns, 1] } else { [1, rows] };
        [row.cast_signed(), column.cast_signed()]
    }
}
