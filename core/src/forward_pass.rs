//! A pass of a batch through a network in training: its outputs first, and later, without a second pass, its gradients.

use nalgebra::{Dim, Dyn, Matrix, MatrixView, MatrixViewMut, RawStorage};

use crate::input::{InputSamples, columns};
use crate::input_gradients::InputGradients;
use crate::part::Division;
use crate::run;
use crate::step::Step;
use crate::{Mode, Network, Scalar, Shape, Trainable, Workspace};

/// A training pass that was made and not yet gone back through: for a loss that a declaration cannot say, because it has data
/// of its own, as those of policy gradients, distillation and adversarial networks.
///
/// `net.forward(&x, &mut workspace)` makes one. Nothing is allocated.
///
/// ```
/// use constgrad::prelude::*;
///
/// network! {
///     pub struct Policy(state: [4]) -> [2] {
///         state.affine(16).tanh().affine(2)
///     }
/// }
///
/// # use constgrad::rand::{SeedableRng, rngs::SmallRng};
/// let mut policy = Policy::<f32>::init(&mut SmallRng::seed_from_u64(1));
/// let mut workspace = Policy::workspace(3);
/// let states = SMatrix::<f32, 4, 3>::new(0., 1., 2., 3., 4., 5., 6., 7., 8., 9., 8., 7.);
/// let advantages = [1.0, -0.5, 2.0];
/// let mut sgd = Sgd::new(0.1);
/// for _ in 0..10 {
///     let pass = policy.forward(&states, &mut workspace);
///     // Greater outputs where they were an advantage.
///     let (mean, gradients) = pass.backward_with(|output, mut d_output| {
///         for (sample, advantage) in advantages.into_iter().enumerate() {
///             d_output.column_mut(sample).fill(-advantage / 3.0);
///         }
///         output.mean()
///     });
///     assert!(mean.is_finite());
///     sgd.step(&mut policy, gradients);
/// }
/// assert!(policy.predict(&states)[(0, 2)] > policy.predict(&states)[(0, 1)]);
/// ```
#[derive(Debug)]
#[must_use = "a pass was made for its output or its gradients"]
pub struct ForwardPass<'n, 'w, N: Network, const K: usize, R: Dim> {
    net: &'n N,
    inputs: [InputSamples<'n, N::Scalar>; K],
    division: Division,
    mode: Mode,
    rows: R,
    workspace: &'w mut Workspace<N>,
}

impl<'n, 'w, N: Network, const K: usize, R: Dim> ForwardPass<'n, 'w, N, K, R> {
    /// A pass of these inputs, whose output has `rows` rows.
    #[track_caller]
    pub(crate) fn new(
        net: &'n N,
        inputs: [InputSamples<'n, N::Scalar>; K],
        mode: Mode,
        rows: R,
        workspace: &'w mut Workspace<N>,
    ) -> Self {
        let slices = run::slices(&inputs);
        let samples = match mode {
            Mode::Inference => run::count::<N>(&slices),
            Mode::Training(_) => run::count_to_train::<N>(&slices),
        };
        let division = Division::of::<N>(samples);
        Step { net, inputs: &slices, division, mode }.forward(workspace);
        Self { net, inputs, division, mode, rows, workspace }
    }

    /// The output, a sample a column.
    #[must_use]
    pub fn output(&self) -> MatrixView<'_, N::Scalar, R, Dyn> {
        let output = self.workspace.output.as_slice();
        MatrixView::from_slice_generic(&output[..self.len()], self.rows, Dyn(self.division.samples))
    }

    /// The gradients of the inputs alone, from that of the output, in less time than with those of the parameters. A
    /// [`backward`](Self::backward) may follow.
    ///
    /// # Panics
    /// If `d_output` is no matrix of the output's size.
    #[track_caller]
    pub fn backward_inputs<C: Dim>(
        &mut self,
        d_output: &Matrix<N::Scalar, R, C, impl RawStorage<N::Scalar, R, C>>,
    ) -> N::Inputs {
        self.set(d_output);
        let Self { net, inputs, division, mode, workspace, .. } = self;
        let step = Step { net: *net, inputs: &run::slices(inputs), division: *division, mode: *mode };
        let mut d_inputs = step.room();
        step.backward_inputs(&mut d_inputs, workspace);
        InputGradients::new::<N>(d_inputs, step.division).into()
    }

    /// Takes over the gradient of the output.
    #[track_caller]
    fn set<C: Dim>(&mut self, d_output: &Matrix<N::Scalar, R, C, impl RawStorage<N::Scalar, R, C>>) {
        run::check_d_output(d_output.shape(), (self.rows.value(), self.division.samples));
        let len = self.len();
        self.workspace.d_output.as_mut_slice()[..len].copy_from_slice(&columns(d_output));
    }

    /// The scalars of the output of all samples.
    fn len(&self) -> usize {
        N::Output::LEN * self.division.samples
    }
}

impl<'w, N: Network + Trainable, const K: usize, R: Dim> ForwardPass<'_, 'w, N, K, R> {
    /// The gradients of the parameters, which stay in the workspace, from that of the output.
    ///
    /// # Panics
    /// If `d_output` is no matrix of the output's size.
    #[track_caller]
    pub fn backward<C: Dim>(
        mut self,
        d_output: &Matrix<N::Scalar, R, C, impl RawStorage<N::Scalar, R, C>>,
    ) -> &'w mut N {
        self.set(d_output);
        self.finish()
    }

    /// The same, where `write` is given the output, and zeros to write the gradient of the output to: what `write` returns,
    /// and the gradients.
    pub fn backward_with<L>(
        self,
        write: impl FnOnce(MatrixView<'_, N::Scalar, R, Dyn>, MatrixViewMut<'_, N::Scalar, R, Dyn>) -> L,
    ) -> (L, &'w mut N) {
        let (len, rows, columns) = (self.len(), self.rows, Dyn(self.division.samples));
        let Workspace { output, d_output, .. } = &mut *self.workspace;
        let d_output = &mut d_output.as_mut_slice()[..len];
        d_output.fill(N::Scalar::ZERO);
        let output = MatrixView::from_slice_generic(&output.as_slice()[..len], rows, columns);
        let written = write(output, MatrixViewMut::from_slice_generic(d_output, rows, columns));
        (written, self.finish())
    }

    fn finish(self) -> &'w mut N {
        let Self { net, inputs, division, mode, workspace, .. } = self;
        Step { net, inputs: &run::slices(&inputs), division, mode }.backward(workspace);
        workspace.gradients_mut()
    }
}
