// Compiled with AVX-512: see jpeg_kernel_loops.h for what may stand here.
#include "safelight/codec/still/jpeg_kernels.h"
namespace safelight::codec {
const JpegKernels kJpegKernelsAvx512 = kJpegKernelsAvx2;
}
