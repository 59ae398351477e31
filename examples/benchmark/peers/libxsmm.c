/* The products of affine layers with libxsmm's generated kernels, on one thread: libxsmm 1 WORKLOAD...
   The kernels take no transposed operands: transposing them is part of the product. */

#include <libxsmm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REPEATS = 7 };
static const double WARM_UP = 0.05, REPEAT = 0.03; /* seconds */

/* output = left * right, all column-major, of rows x depth and depth x columns. */
struct product {
    int rows, columns, depth;
    int left_transposed, right_transposed; /* stored row by row */
    float *left, *right, *output, *scratch;
    libxsmm_smmfunction kernel;
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

/* From the start of a cache line. */
static float *numbers(int len) {
    float *numbers = aligned_alloc(64, (len * sizeof *numbers + 63) / 64 * 64);
    for (int i = 0; i < len; i++) numbers[i] = i * 37 % 101 / 101.0f;
    return numbers;
}

/* Whether the workload is a product. Samples are columns, and the weights of one output are contiguous. */
static int parse(const char *workload, struct product *product) {
    char kind[16];
    int samples, inputs, outputs;
    if (sscanf(workload, "%15[a-z_]:%dx%dx%d", kind, &samples, &inputs, &outputs) != 4) return 0;
    if (!strcmp(kind, "forward"))
        *product = (struct product){.rows = outputs, .columns = samples, .depth = inputs, .left_transposed = 1};
    else if (!strcmp(kind, "d_weight"))
        *product = (struct product){.rows = inputs, .columns = outputs, .depth = samples, .right_transposed = 1};
    else
        *product = (struct product){.rows = inputs, .columns = samples, .depth = outputs};
    return 1;
}

static void prepare(struct product *p) {
    int left = p->rows * p->depth, right = p->depth * p->columns;
    p->left = numbers(left);
    p->right = numbers(right);
    p->scratch = numbers(left > right ? left : right);
    p->output = numbers(p->rows * p->columns);
    const float alpha = 1, beta = 0;
    p->kernel = libxsmm_smmdispatch(p->rows, p->columns, p->depth, NULL, NULL, NULL, &alpha, &beta, NULL, NULL);
}

static void release(struct product *p) {
    free(p->left);
    free(p->right);
    free(p->scratch);
    free(p->output);
}

static void multiply(const struct product *p) {
    const float *left = p->left, *right = p->right;
    if (p->left_transposed) {
        libxsmm_otrans(p->scratch, left, sizeof *left, p->depth, p->rows, p->depth, p->rows);
        left = p->scratch;
    }
    if (p->right_transposed) {
        libxsmm_otrans(p->scratch, right, sizeof *right, p->columns, p->depth, p->columns, p->depth);
        right = p->scratch;
    }
    p->kernel(left, right, p->output);
}

static int by_size(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The median microseconds of a product. */
static double measure(const struct product *product) {
    double start = now(), times[REPEATS];
    long runs = 0;
    for (; now() - start < WARM_UP; runs++) multiply(product);
    runs = 1 + REPEAT * runs / (now() - start);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        start = now();
        for (long run = 0; run < runs; run++) multiply(product);
        times[repeat] = 1e6 * (now() - start) / runs;
    }
    qsort(times, REPEATS, sizeof *times, by_size);
    return times[REPEATS / 2];
}

int main(int count, char **arguments) {
    libxsmm_init();
    for (int i = 2; i < count; i++) {
        struct product product;
        if (!parse(arguments[i], &product)) continue;
        prepare(&product);
        if (product.kernel)
            printf("{\"peer\": \"libxsmm\", \"workload\": \"%s\", \"threads\": 1, \"us\": %.4f}\n", arguments[i],
                   measure(&product));
        release(&product);
    }
    return 0;
}
