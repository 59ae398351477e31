//! Labelled images from gzipped IDX files: MNIST and all that copied its format (Fashion-MNIST, EMNIST, KMNIST, USPS).
//!
//! ```no_run
//! use constgrad::idx::Idx;
//! use constgrad::prelude::*;
//!
//! let mnist = Idx::<784, 10>::open("mnist")?;
//! let mut x = OMatrix::<f32, Const<784>, Dyn>::zeros(100);
//! let mut labels = [0; 100];
//! mnist.train.gather(0..100, &mut x, &mut labels);
//! # Ok::<(), constgrad::idx::Error>(())
//! ```

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use nalgebra::{Const, Dim, IsContiguous, Matrix, RawStorageMut};

pub use crate::file::Format;
use constgrad_kernels::bytes::FromBytes;
use constgrad_kernels::threads;

use crate::Scalar;
use crate::file::{self, Escaped};

/// The first bytes of every gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How many bytes there may be for one of a gzip file: what deflate makes of zeros.
const EXPANSION: u64 = 1032;

/// The IDX code of unsigned bytes.
const UNSIGNED_BYTE: u8 = 0x08;

/// A training set and a test set of images of `N` pixels in `CLASSES` classes.
#[derive(Clone, Debug)]
pub struct Idx<const N: usize, const CLASSES: usize> {
    /// From `train-images-idx3-ubyte.gz` and `train-labels-idx1-ubyte.gz`.
    pub train: Dataset<N, CLASSES>,
    /// From `t10k-images-idx3-ubyte.gz` and `t10k-labels-idx1-ubyte.gz`.
    pub test: Dataset<N, CLASSES>,
}

impl<const N: usize, const CLASSES: usize> Idx<N, CLASSES> {
    /// Reads the four files of MNIST, by their classic names, from a directory.
    ///
    /// # Errors
    /// As [`Dataset::read`].
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, Error> {
        let dir = dir.as_ref();
        let read = |set: &str| {
            let images = dir.join(format!("{set}-images-idx3-ubyte.gz"));
            Dataset::read(images, dir.join(format!("{set}-labels-idx1-ubyte.gz")))
        };
        Ok(Self { train: read("train")?, test: read("t10k")? })
    }
}

/// Images of `N` pixels, a byte each, labelled with one of `CLASSES` classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset<const N: usize, const CLASSES: usize> {
    /// Image after image.
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

impl<const N: usize, const CLASSES: usize> Dataset<N, CLASSES> {
    /// Reads the images of one file and their labels from another.
    ///
    /// What the headers say is compared before anything else is read, and takes no more memory than is there.
    ///
    /// # Errors
    /// If one of them cannot be read, is not what its header says, or does not fit the other, `N` or `CLASSES`.
    pub fn read(images: impl AsRef<Path>, labels: impl AsRef<Path>) -> Result<Self, Error> {
        let (images, labels) = (images.as_ref(), labels.as_ref());
        let (mut image_file, [count, rows, columns]) = open(images).map_err(|kind| kind.of(images))?;
        if u64::from(rows) * u64::from(columns) != N as u64 {
            return Err(ErrorKind::ImageSize { expected: N, rows, columns }.of(images));
        }
        let (mut label_file, [label_count]) = open(labels).map_err(|kind| kind.of(labels))?;
        if label_count != count {
            let (expected, found) = (count as usize, label_count as usize);
            return Err(ErrorKind::LabelCount { images: images.to_owned(), expected, found }.of(labels));
        }
        // Rows and columns have 32 bits, so that only N can take this beyond 64: then no file is that long.
        let len = u64::from(count).saturating_mul(N as u64);
        image_file.check_len(len).map_err(|kind| kind.of(images))?;
        let labels = read_labels(&mut label_file, count, CLASSES).map_err(|kind| kind.of(labels))?;
        Ok(Self { pixels: image_file.read_data(len).map_err(|kind| kind.of(images))?, labels })
    }

    /// The number of images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The images, pixels in the order of the file.
    #[must_use]
    pub fn images(&self) -> &[[u8; N]] {
        self.pixels.as_chunks().0
    }

    /// The labels, one an image.
    #[must_use]
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// Copies the images `indices` to the columns of `x`, scaled to between 0 and 1, and their labels to `labels`.
    ///
    /// # Panics
    /// If `x` has not one column an index, `labels` has not one element an index, or there is no such image.
    #[track_caller]
    pub fn gather<T, C, S>(
        &self,
        indices: impl IntoIterator<Item = usize>,
        x: &mut Matrix<T, Const<N>, C, S>,
        labels: &mut [u8],
    ) where
        T: Scalar,
        C: Dim,
        S: RawStorageMut<T, Const<N>, C> + IsContiguous,
    {
        let samples = labels.len();
        assert!(x.ncols() == samples, "a batch of {} columns was given room for {samples} labels", x.ncols());
        let mut indices = indices.into_iter();
        let columns = x.as_mut_slice().as_chunks_mut::<N>().0.chunks_mut(BLOCK);
        for (columns, labels) in columns.zip(labels.chunks_mut(BLOCK)) {
            let mut block = [0; BLOCK];
            for place in &mut block[..labels.len()] {
                let Some(index) = indices.next() else {
                    panic!("a batch of {samples} columns was given fewer indices")
                };
                assert!(index < self.len(), "there is no image {index}: the data set has {}", self.len());
                *place = index;
            }
            let gather = Gather { indices: &block[..labels.len()], columns, labels };
            // Each thread has in its cache what it takes through the network afterwards.
            let threads = threads::available(COST * N * gather.indices.len()).min(gather.indices.len());
            threads::share(gather, threads, &Gather::divide, &|gather| gather.run(self));
        }
        assert!(indices.next().is_none(), "a batch of {samples} columns was given more indices");
    }
}

/// Images on their way to the columns of a batch.
struct Gather<'a, T, const N: usize> {
    indices: &'a [usize],
    columns: &'a mut [[T; N]],
    labels: &'a mut [u8],
}

impl<T: Scalar, const N: usize> Gather<'_, T, N> {
    /// The share of `some` of `all` threads, and the rest.
    fn divide(self, some: usize, all: usize) -> (Self, Self) {
        let count = self.indices.len() * some / all;
        let (indices, other_indices) = self.indices.split_at(count);
        let (columns, other_columns) = self.columns.split_at_mut(count);
        let (labels, other_labels) = self.labels.split_at_mut(count);
        let rest = Self { indices: other_indices, columns: other_columns, labels: other_labels };
        (Self { indices, columns, labels }, rest)
    }

    fn run<const CLASSES: usize>(self, dataset: &Dataset<N, CLASSES>) {
        let Self { indices, columns, labels } = self;
        let image = |index: usize| &dataset.images()[index];
        // Images from all over a set wait for memory.
        for &index in indices.iter().take(AHEAD) {
            constgrad_kernels::prefetch(image(index));
        }
        for (place, ((&index, column), label)) in indices.iter().zip(columns).zip(labels).enumerate() {
            if let Some(&later) = indices.get(place + AHEAD) {
                constgrad_kernels::prefetch(image(later));
            }
            FromBytes { bytes: image(index), scalars: column }.run();
            *label = dataset.labels[index];
        }
    }
}

/// The most images whose indices are looked at before they are copied.
const BLOCK: usize = 256;

/// What a pixel takes, in multiply-adds: as much as a scalar in an update. From when threads share it, the book's program on
/// MNIST takes 1.8 instead of 2.2 s on two.
const COST: usize = 64;

/// How many images are on their way from memory while one is scaled (100 random ones of MNIST, Zen 4: 17 µs less).
const AHEAD: usize = 4;

/// Why a file was refused. Its name is escaped in the message.
#[derive(Debug, thiserror::Error)]
#[error("{}: {kind}", Escaped(&path.to_string_lossy()))]
pub struct Error {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: ErrorKind,
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// It cannot be opened or read.
    #[error("cannot be read: {0}")]
    Io(io::Error),
    /// There is no such file, but one of another spelling, or one that is not compressed.
    #[error("there is no such file, but `{}` beside it: {}", Escaped(&name(found)), remedy(found))]
    OtherName {
        /// The other.
        found: PathBuf,
    },
    /// It is something else.
    #[error("expected a gzip file, found {found}{}", remedy_of_format(*.found))]
    OtherFormat {
        /// What it is.
        found: Format,
    },
    /// It is not compressed.
    #[error("expected a gzip file, which starts with the bytes {GZIP:02x?}, found {found:02x?}")]
    NotGzip {
        /// Its first bytes, two or fewer.
        found: Vec<u8>,
    },
    /// Its compressed data is damaged.
    #[error("expected intact gzip data, found damage: {0}")]
    Damaged(io::Error),
    /// It ends too early.
    #[error("expected {expected} bytes of {part}, found {found}")]
    Truncated {
        /// What is cut.
        part: Part,
        /// How long it would be.
        expected: u64,
        /// How long it is.
        found: u64,
    },
    /// It is too small for what its header says.
    #[error("expected {expected} bytes of {part}, found a gzip file of {found} bytes, too few for so much")]
    TooSmall {
        /// What would be cut.
        part: Part,
        /// How long it would be.
        expected: u64,
        /// The length of the file, compressed.
        found: u64,
    },
    /// It goes on after its data.
    #[error("expected the end of the file after {expected} bytes of data, found more")]
    Trailing {
        /// The length of the data.
        expected: u64,
    },
    /// It is not an IDX file.
    #[error("expected an IDX file, which starts with the bytes [00, 00], found {found:02x?}")]
    NotIdx {
        /// Its first bytes.
        found: [u8; 2],
    },
    /// What is compressed in it is something else.
    #[error("expected an IDX file in the gzip file, found {found}")]
    OtherContent {
        /// What it is.
        found: Format,
    },
    /// Its elements are not unsigned bytes.
    #[error("expected elements of type 0x08 (unsigned byte), found type {found:#04x}")]
    ElementType {
        /// The code of their type.
        found: u8,
    },
    /// Its elements do not lie in as many dimensions.
    #[error("expected {expected} as the number of dimensions, found {found}")]
    Dimensions {
        /// Three for images, one for labels.
        expected: u8,
        /// Those of the file.
        found: u8,
    },
    /// Its images have another number of pixels.
    #[error("expected images of {expected} pixels, found {rows} x {columns}")]
    ImageSize {
        /// Those of the [`Dataset`].
        expected: usize,
        /// The height of an image.
        rows: u32,
        /// The width of an image.
        columns: u32,
    },
    /// It has more or fewer labels than there are images.
    #[error("expected {expected} labels, one for each image of {}, found {found}", Escaped(&images.to_string_lossy()))]
    LabelCount {
        /// The file of the images.
        images: PathBuf,
        /// The number of images.
        expected: usize,
        /// The number of labels.
        found: usize,
    },
    /// One of its labels is not a class.
    #[error("expected labels below {classes}, found {label} at index {index}")]
    Label {
        /// The number of classes.
        classes: usize,
        /// The label.
        label: u8,
        /// Where it stands.
        index: usize,
    },
}

/// A part of an IDX file, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Four bytes: two zeros, the type of the elements, the number of dimensions.
    Magic,
    /// Four bytes a dimension, the highest first.
    Sizes,
    /// The elements.
    Data,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Magic => "magic number",
            Self::Sizes => "dimension sizes",
            Self::Data => "data",
        })
    }
}

impl ErrorKind {
    fn of(self, path: &Path) -> Error {
        Error { path: path.to_owned(), kind: self }
    }
}

fn name(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

/// What to do with a file of another name.
fn remedy(found: &Path) -> &'static str {
    if is_compressed(found) { "rename it" } else { "compress it with `gzip`, and give it that name" }
}

/// What to do with a file of another format, where that does not say it.
fn remedy_of_format(found: Format) -> &'static str {
    match found {
        Format::Idx => ": compress it with `gzip`",
        Format::Zip | Format::SevenZip | Format::Tar => ": unpack it, and compress with `gzip` what is in it",
        Format::Bzip2 | Format::Xz | Format::Zstandard | Format::Lz4 => ": unpack it, and compress it with `gzip`",
        _ => "",
    }
}

fn is_compressed(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "gz")
}

/// A file beside this one, which is not there, with the other spelling of `-idx3-` and `.idx3-`, or without `.gz`, or with.
fn other_name(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let plain = name.strip_suffix(".gz").unwrap_or(name);
    let spellings = [plain.to_owned(), plain.replace("-idx", ".idx"), plain.replace(".idx", "-idx")];
    let names = spellings.iter().flat_map(|plain| [format!("{plain}.gz"), plain.clone()]);
    names.map(|name| path.with_file_name(name)).find(|path| path.is_file())
}

/// All labels, each below `classes`.
fn read_labels(file: &mut Content, count: u32, classes: usize) -> Result<Vec<u8>, ErrorKind> {
    let labels = file.read_data(count.into())?;
    match labels.iter().position(|&label| usize::from(label) >= classes) {
        Some(index) => Err(ErrorKind::Label { classes, label: labels[index], index }),
        None => Ok(labels),
    }
}

/// A file, and the sizes of its `RANK` dimensions.
fn open<const RANK: usize>(path: &Path) -> Result<(Content, [u32; RANK]), ErrorKind> {
    let file = file::open(path).map_err(|error| match other_name(path) {
        Some(found) if error.kind() == io::ErrorKind::NotFound => ErrorKind::OtherName { found },
        _ => ErrorKind::Io(error),
    })?;
    let compressed_len = file.metadata().map_err(ErrorKind::Io)?.len();
    let mut file = BufReader::new(file);
    let start = file.fill_buf().map_err(ErrorKind::Io)?;
    if !start.starts_with(&GZIP) {
        return Err(match Format::of(&start[..start.len().min(Format::START)]) {
            Some(found) => ErrorKind::OtherFormat { found },
            None => ErrorKind::NotGzip { found: start[..start.len().min(GZIP.len())].to_vec() },
        });
    }
    let mut content = Content { members: Members { member: Some(GzDecoder::new(file)) }, compressed_len };
    let sizes = content.read_header()?;
    Ok((content, sizes))
}

/// The decompressed content of a file.
struct Content {
    members: Members<BufReader<File>>,
    compressed_len: u64,
}

impl Content {
    /// The sizes of the `RANK` dimensions.
    fn read_header<const RANK: usize>(&mut self) -> Result<[u32; RANK], ErrorKind> {
        let rank = u8::try_from(RANK).expect("files have one or three dimensions");
        match self.read_part(Part::Magic, 4)?[..] {
            [0, 0, UNSIGNED_BYTE, found] if found == rank => {}
            [0, 0, UNSIGNED_BYTE, found] => return Err(ErrorKind::Dimensions { expected: rank, found }),
            [0, 0, found, _] => return Err(ErrorKind::ElementType { found }),
            ref magic => return Err(self.other_content(magic)),
        }
        let sizes = self.read_part(Part::Sizes, 4 * u64::from(rank))?;
        Ok(std::array::from_fn(|dimension| u32::from_be_bytes(sizes.as_chunks().0[dimension])))
    }

    /// What is wrong with content of which these are the first four bytes.
    fn other_content(&mut self, magic: &[u8]) -> ErrorKind {
        let mut start = magic.to_vec();
        // What comes before damage says enough.
        _ = self.members.by_ref().take((Format::START - magic.len()) as u64).read_to_end(&mut start);
        match Format::of(&start) {
            Some(found) => ErrorKind::OtherContent { found },
            None => ErrorKind::NotIdx { found: [magic[0], magic[1]] },
        }
    }

    /// Whether a file this small can hold `len` bytes of data.
    fn check_len(&self, len: u64) -> Result<(), ErrorKind> {
        let found = self.compressed_len;
        if len <= found.saturating_mul(EXPANSION) {
            Ok(())
        } else {
            Err(ErrorKind::TooSmall { part: Part::Data, expected: len, found })
        }
    }

    /// The last `len` bytes.
    fn read_data(&mut self, len: u64) -> Result<Vec<u8>, ErrorKind> {
        self.check_len(len)?;
        let data = self.read_part(Part::Data, len)?;
        match self.members.read(&mut [0]) {
            Ok(0) => Ok(data),
            Ok(_) => Err(ErrorKind::Trailing { expected: len }),
            Err(error) => Err(ErrorKind::Damaged(error)),
        }
    }

    /// The next `len` bytes. Memory grows with what is there, not with what a header claims, nor beyond that.
    fn read_part(&mut self, part: Part, len: u64) -> Result<Vec<u8>, ErrorKind> {
        /// The least that is read at a time.
        const STEP: u64 = 1 << 16;
        let mut bytes = Vec::new();
        loop {
            let found = bytes.len() as u64;
            let step = found.max(STEP).min(len - found);
            bytes.reserve_exact(usize::try_from(step).expect("it is no more than there is already"));
            match self.members.by_ref().take(step).read_to_end(&mut bytes) {
                Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(ErrorKind::Damaged(error)),
                _ if bytes.len() as u64 == len => return Ok(bytes),
                Ok(read) if read as u64 == step => {}
                _ => return Err(ErrorKind::Truncated { part, expected: len, found: bytes.len() as u64 }),
            }
        }
    }
}

/// The content of the members of a gzip file, one after the other. Zeros may follow the last, as for gzip(1): they fill a
/// block of a tape.
struct Members<R> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let rest = self.member.take().map(GzDecoder::into_inner);
            self.member = rest.map(next_member).transpose()?.flatten();
        }
        Ok(0)
    }
}

/// The member that follows, unless only zeros do.
fn next_member<R: BufRead>(mut file: R) -> io::Result<Option<GzDecoder<R>>> {
    if file.fill_buf()?.first().is_some_and(|&byte| byte != 0) {
        return Ok(Some(GzDecoder::new(file)));
    }
    loop {
        let rest = file.fill_buf()?;
        let (len, zeros) = (rest.len(), rest.iter().take_while(|&&byte| byte == 0).count());
        if zeros < len {
            return Err(io::Error::other("something follows the zeros after its end"));
        }
        if len == 0 {
            return Ok(None);
        }
        file.consume(len);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use nalgebra::{Const, Dyn, OMatrix, SMatrix};
    use rand::rngs::Xoshiro256PlusPlus;
    use rand::{RngExt, SeedableRng};
    use tempfile::TempDir;

    use super::*;

    /// Three images of 2 x 3 pixels.
    const IMAGES: &[u8] =
        b"\0\0\x08\x03\0\0\0\x03\0\0\0\x02\0\0\0\x03\0\x01\x02\x03\x04\x05ABCDEF\xff\xfe\xfd\xfc\xfb\xfa";
    const LABELS: &[u8] = b"\0\0\x08\x01\0\0\0\x03\x03\0\x02";

    type Small = Dataset<6, 4>;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Reads a data set from files of these very bytes.
    fn read_files<const N: usize, const CLASSES: usize>(
        images: &[u8],
        labels: &[u8],
    ) -> Result<Dataset<N, CLASSES>, Error> {
        let dir = TempDir::new().unwrap();
        let (images_path, labels_path) = (dir.path().join("images.gz"), dir.path().join("labels.gz"));
        fs::write(&images_path, images).unwrap();
        fs::write(&labels_path, labels).unwrap();
        Dataset::read(images_path, labels_path)
    }

    /// The message for gzipped `images` and `labels`, without the directory.
    fn message(images: &[u8], labels: &[u8]) -> String {
        plain(&read_files::<6, 4>(&gzip(images), &gzip(labels)).unwrap_err())
    }

    fn plain(error: &Error) -> String {
        let dir = format!("{}/", error.path.parent().unwrap().display());
        error.to_string().replace(&dir, "")
    }

    fn edited(bytes: &[u8], index: usize, byte: u8) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        bytes[index] = byte;
        bytes
    }

    #[test]
    fn reads_images_and_labels() {
        let dataset: Small = read_files(&gzip(IMAGES), &gzip(LABELS)).unwrap();
        assert_eq!(dataset.images(), [[0, 1, 2, 3, 4, 5], *b"ABCDEF", [255, 254, 253, 252, 251, 250]]);
        assert_eq!(dataset.labels(), [3, 0, 2]);
        assert_eq!(dataset.len(), 3);
    }

    #[test]
    fn reads_a_file_of_several_gzip_members() {
        let (start, end) = IMAGES.split_at(20);
        let dataset: Small = read_files(&[gzip(start), gzip(end)].concat(), &gzip(LABELS)).unwrap();
        assert_eq!(dataset.images()[1], *b"ABCDEF");
    }

    #[test]
    fn reads_what_is_padded_with_zeros() {
        let padded = |bytes: &[u8], more: &[u8]| [&gzip(bytes), &vec![0; 70_000], more].concat();
        let dataset: Small = read_files(&padded(IMAGES, b""), &padded(LABELS, b"")).unwrap();
        assert_eq!((dataset.images()[1], dataset.labels()), (*b"ABCDEF", &[3, 0, 2][..]));
        for more in [b"!", &GZIP[..]] {
            let error = read_files::<6, 4>(&padded(IMAGES, more), &gzip(LABELS)).unwrap_err();
            let expected =
                "images.gz: expected intact gzip data, found damage: something follows the zeros after its end";
            assert_eq!(plain(&error), expected);
        }
    }

    #[test]
    fn gathers_scaled_columns_in_the_order_of_the_indices() {
        let dataset: Small = read_files(&gzip(IMAGES), &gzip(LABELS)).unwrap();
        let mut x = OMatrix::<f64, Const<6>, Dyn>::zeros(4);
        let mut labels = [9; 3];
        dataset.gather([2, 0, 2], &mut x.columns_mut(1, 3), &mut labels);
        assert_eq!(labels, [2, 3, 2]);
        let [first, _, last] = IMAGES[16..].as_chunks::<6>().0 else { panic!("there are three images") };
        let [first, last] = [first, last].map(|image| image.map(|pixel| f64::from(pixel) / 255.0));
        assert_eq!(x, OMatrix::<f64, Const<6>, Dyn>::from_column_slice(&[[0.0; 6], last, first, last].concat()));
    }

    #[test]
    fn gathers_as_many_as_are_asked_for() {
        // More than are copied together, so many that threads share them, and a rest.
        let count = 2 * BLOCK + 3;
        let pixels: Vec<u8> = (0..784 * 10).map(|pixel| u8::try_from(pixel % 251).unwrap()).collect();
        let dataset = Dataset::<784, 10> { pixels, labels: (0..10).collect() };
        let mut x = OMatrix::<f32, Const<784>, Dyn>::zeros(count);
        let mut labels = vec![99; count];
        let index = |place: usize| place * 7 % 10;
        dataset.gather((0..count).map(index), &mut x, &mut labels);
        for (place, (column, &label)) in x.column_iter().zip(&labels).enumerate() {
            assert_eq!(usize::from(label), index(place));
            let image = dataset.images()[index(place)];
            assert!(column.iter().zip(image).all(|(&x, pixel)| x == f32::from(pixel) / 255.0), "column {place}");
        }
    }

    #[test]
    #[should_panic(expected = "there is no image 3: the data set has 3")]
    fn gather_refuses_an_image_that_is_not_there() {
        let dataset: Small = read_files(&gzip(IMAGES), &gzip(LABELS)).unwrap();
        dataset.gather([0, 3], &mut SMatrix::<f32, 6, 2>::zeros(), &mut [0; 2]);
    }

    #[test]
    #[should_panic(expected = "a batch of 2 columns was given fewer indices")]
    fn gather_refuses_too_few_indices() {
        let dataset: Small = read_files(&gzip(IMAGES), &gzip(LABELS)).unwrap();
        dataset.gather([0], &mut SMatrix::<f32, 6, 2>::zeros(), &mut [0; 2]);
    }

    #[test]
    #[should_panic(expected = "a batch of 2 columns was given more indices")]
    fn gather_refuses_too_many_indices() {
        let dataset: Small = read_files(&gzip(IMAGES), &gzip(LABELS)).unwrap();
        dataset.gather(0..3, &mut SMatrix::<f32, 6, 2>::zeros(), &mut [0; 2]);
    }

    #[test]
    #[should_panic(expected = "a batch of 2 columns was given room for 3 labels")]
    fn gather_refuses_another_number_of_labels() {
        let dataset: Small = read_files(&gzip(IMAGES), &gzip(LABELS)).unwrap();
        dataset.gather(0..2, &mut SMatrix::<f32, 6, 2>::zeros(), &mut [0; 3]);
    }

    #[test]
    fn open_names_a_missing_file() {
        let dir = TempDir::new().unwrap();
        let error = Idx::<784, 10>::open(dir.path()).unwrap_err();
        assert!(matches!(&error.kind, ErrorKind::Io(error) if error.kind() == io::ErrorKind::NotFound));
        assert!(plain(&error).starts_with("train-images-idx3-ubyte.gz: cannot be read: "), "{error}");
    }

    #[test]
    fn open_names_the_file_that_is_there_instead() {
        let message_beside = |found: &str| {
            let dir = TempDir::new().unwrap();
            fs::write(dir.path().join(found), "").unwrap();
            plain(&Idx::<784, 10>::open(dir.path()).unwrap_err())
        };
        let wanted = "train-images-idx3-ubyte.gz: there is no such file, but";
        assert_eq!(
            message_beside("train-images.idx3-ubyte.gz"),
            format!("{wanted} `train-images.idx3-ubyte.gz` beside it: rename it")
        );
        for found in ["train-images-idx3-ubyte", "train-images.idx3-ubyte"] {
            let expected = format!("{wanted} `{found}` beside it: compress it with `gzip`, and give it that name");
            assert_eq!(message_beside(found), expected);
        }
    }

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let dir = TempDir::new().unwrap();
        let error = Dataset::<6, 4>::read(dir.path(), dir.path()).unwrap_err();
        assert!(error.to_string().ends_with("cannot be read: it is a folder, not a file"), "{error}");
        if cfg!(unix) {
            let error = Dataset::<6, 4>::read("/dev/zero", "/dev/zero").unwrap_err();
            assert_eq!(error.to_string(), "/dev/zero: cannot be read: it is a device, not a file");
        }
    }

    #[test]
    fn names_are_escaped() {
        let bad = Path::new("a\u{1b}[2J\n\u{202e}.gz");
        let escaped = r"a\u{1b}[2J\n\u{202e}.gz";
        let error = Small::read(bad, bad).unwrap_err();
        assert!(error.to_string().starts_with(&format!("{escaped}: cannot be read: ")), "{error}");
        let kind = ErrorKind::LabelCount { images: bad.to_owned(), expected: 1, found: 2 };
        assert_eq!(
            kind.of(bad).to_string(),
            format!("{escaped}: expected 1 labels, one for each image of {escaped}, found 2")
        );
        let error = ErrorKind::OtherName { found: bad.to_owned() }.of(bad);
        assert!(error.to_string().contains(&format!("but `{escaped}` beside it")), "{error}");
    }

    #[test]
    fn refuses_what_is_not_gzip() {
        let of = |images: &[u8]| plain(&read_files::<6, 4>(images, &gzip(LABELS)).unwrap_err());
        let expected = "images.gz: expected a gzip file, which starts with the bytes [1f, 8b], found";
        assert_eq!(of(&[]), format!("{expected} []"));
        assert_eq!(of(&[0x1f]), format!("{expected} [1f]"));
        assert_eq!(of(b"GZ..."), format!("{expected} [47, 5a]"));
        let expected = "images.gz: expected a gzip file, found";
        assert_eq!(of(IMAGES), format!("{expected} an IDX file that is not compressed: compress it with `gzip`"));
        assert_eq!(
            of(b"\n<!DOCTYPE html><title>Not found</title>"),
            format!("{expected} an HTML or XML page, which a server may have sent in its place: download it again")
        );
        assert_eq!(
            of(b"version https://git-lfs.github.com/spec/v1\noid sha256:00"),
            format!("{expected} a pointer of Git LFS to it: fetch it with `git lfs pull`")
        );
        assert_eq!(
            of(b"PK\x03\x04\x14\0"),
            format!("{expected} a zip archive: unpack it, and compress with `gzip` what is in it")
        );
        assert_eq!(of(b"\xfd7zXZ\0\0"), format!("{expected} an xz file: unpack it, and compress it with `gzip`"));
        assert_eq!(of(b"\x93NUMPY\x01\0"), format!("{expected} an array of numpy"));
    }

    #[test]
    fn refuses_damage() {
        let mut images = gzip(IMAGES);
        let checksum = images.len() - 8;
        images[checksum] ^= 1;
        let error = read_files::<6, 4>(&images, &gzip(LABELS)).unwrap_err();
        assert!(plain(&error).starts_with("images.gz: expected intact gzip data, found damage: "), "{error}");
    }

    #[test]
    fn refuses_another_format() {
        let message_for = |images: &[u8]| message(images, LABELS);
        assert_eq!(
            message_for(b"BM\x08\x03"),
            "images.gz: expected an IDX file, which starts with the bytes [00, 00], found [42, 4d]"
        );
        let tar = [&[b'a'; 257][..], b"ustar\x0000"].concat();
        assert_eq!(message_for(&tar), "images.gz: expected an IDX file in the gzip file, found a tar archive");
        let twice = message_for(&gzip(IMAGES));
        assert_eq!(twice, "images.gz: expected an IDX file in the gzip file, found a gzip file");
        assert_eq!(
            message_for(&edited(IMAGES, 2, 0x0d)),
            "images.gz: expected elements of type 0x08 (unsigned byte), found type 0x0d"
        );
        assert_eq!(message_for(LABELS), "images.gz: expected 3 as the number of dimensions, found 1");
        assert_eq!(message(IMAGES, IMAGES), "labels.gz: expected 1 as the number of dimensions, found 3");
        assert_eq!(message_for(&edited(IMAGES, 15, 4)), "images.gz: expected images of 6 pixels, found 2 x 4");
    }

    #[test]
    fn refuses_another_length() {
        let message_for = |images: &[u8]| message(images, LABELS);
        assert_eq!(message_for(&IMAGES[..3]), "images.gz: expected 4 bytes of magic number, found 3");
        assert_eq!(message_for(&IMAGES[..9]), "images.gz: expected 12 bytes of dimension sizes, found 5");
        assert_eq!(message_for(&IMAGES[..33]), "images.gz: expected 18 bytes of data, found 17");
        assert_eq!(
            message_for(&[IMAGES, b"!"].concat()),
            "images.gz: expected the end of the file after 18 bytes of data, found more"
        );
        assert_eq!(message(IMAGES, &LABELS[..10]), "labels.gz: expected 3 bytes of data, found 2");
        assert_eq!(
            message(IMAGES, &edited(LABELS, 7, 2)[..10]),
            "labels.gz: expected 3 labels, one for each image of images.gz, found 2"
        );
    }

    #[test]
    fn refuses_a_label_that_is_not_a_class() {
        assert_eq!(message(IMAGES, &edited(LABELS, 9, 4)), "labels.gz: expected labels below 4, found 4 at index 1");
    }

    /// A reader that believed these headers would ask for terabytes before it looked at the data.
    #[test]
    fn does_not_believe_absurd_counts() {
        let absurd = b"\0\0\x08\x03\xff\xff\xff\xff\0\0\0\x02\0\0\0\x03ABCDEF";
        assert_eq!(
            message(absurd, LABELS),
            "labels.gz: expected 4294967295 labels, one for each image of images.gz, found 3"
        );
        let agrees = b"\0\0\x08\x01\xff\xff\xff\xff\0\0\0";
        let len = gzip(absurd).len();
        assert_eq!(
            message(absurd, agrees),
            format!(
                "images.gz: expected 25769803770 bytes of data, found a gzip file of {len} bytes, too few for so much"
            )
        );
        let absurd = edited(&edited(IMAGES, 8, 0xff), 12, 0xff);
        assert!(message(&absurd, LABELS).contains("found 4278190082 x 4278190083"));
        // 2^32 - 1 images of 2^40 pixels: too many for 64 bits.
        let absurd = b"\0\0\x08\x03\xff\xff\xff\xff\0\x10\0\0\0\x10\0\0";
        let error = read_files::<{ 1 << 40 }, 4>(&gzip(absurd), &gzip(agrees)).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::TooSmall { part: Part::Data, expected: u64::MAX, .. }));
    }

    #[test]
    fn a_set_that_gzip_makes_smallest_is_read() {
        let images = [&b"\0\0\x08\x03\0\0\x40\0\0\0\0\x1c\0\0\0\x1c"[..], &vec![0; 784 << 14]].concat();
        let labels = [&b"\0\0\x08\x01\0\0\x40\0"[..], &vec![0; 1 << 14]].concat();
        let smallest = |bytes: &[u8]| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        let dataset = read_files::<784, 10>(&smallest(&images), &smallest(&labels)).unwrap();
        assert_eq!((dataset.len(), dataset.images().len()), (1 << 14, 1 << 14));
    }

    #[test]
    fn every_truncation_is_an_error() {
        let (images, labels) = (gzip(IMAGES), gzip(LABELS));
        for len in 0..images.len() {
            read_files::<6, 4>(&images[..len], &labels).unwrap_err();
        }
        for len in 0..labels.len() {
            read_files::<6, 4>(&images, &labels[..len]).unwrap_err();
        }
        for len in 0..IMAGES.len() {
            read_files::<6, 4>(&gzip(&IMAGES[..len]), &labels).unwrap_err();
        }
    }

    #[test]
    fn random_bytes_never_panic() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
        let labels = gzip(LABELS);
        for _ in 0..200 {
            let len = rng.random_range(0..64);
            let noise: Vec<u8> = (0..len).map(|_| rng.random()).collect();
            read_files::<6, 4>(&noise, &labels).unwrap_err();
            read_files::<6, 4>(&[&GZIP, &*noise].concat(), &labels).unwrap_err();
            read_files::<6, 4>(&gzip(&noise), &labels).unwrap_err();
            // These can be valid: noise as the data after a header, and one changed byte in a whole file.
            let _ = read_files::<6, 4>(&gzip(&[&IMAGES[..16], &*noise].concat()), &labels);
            let mut damaged = gzip(IMAGES);
            let index = rng.random_range(0..damaged.len());
            damaged[index] = rng.random();
            let _ = read_files::<6, 4>(&damaged, &labels);
        }
    }
}
