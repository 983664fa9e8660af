/* Hides instruction sets from a program, so that one CPU stands in for older ones.
 *
 *     cc -O1 -shared -fPIC -o cpu_mask.so cpu_mask.c
 *     CPU_MASK=avx2 LD_PRELOAD=./cpu_mask.so PROGRAM
 *
 * Linux on Intel CPUs with CPUID faulting (`cpuid_fault` in /proc/cpuinfo): the CPUID instruction
 * traps, and the handler answers with fewer features. Libraries that choose their kernels by CPUID,
 * as onnxruntime and numpy do, then take those of the older CPU.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define ARCH_SET_CPUID 0x1012

static int avx2, avx512, vnni256, vnni512; /* what is shown; AMX never is */

static void answer(int signal_number, siginfo_t *info, void *context) {
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    const unsigned char *code = (const unsigned char *)r[REG_RIP];
    unsigned leaf = r[REG_RAX], sub = r[REG_RCX], a = leaf, b, c = sub, d;
    if (code[0] != 0x0f || code[1] != 0xa2) { /* not CPUID: a real fault */
        signal(SIGSEGV, SIG_DFL);
        return;
    }
    syscall(SYS_arch_prctl, ARCH_SET_CPUID, 1);
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0);
    if (leaf == 1 && !avx2) c &= ~(1u << 12 | 1u << 28 | 1u << 29); /* FMA, AVX, F16C */
    if (leaf == 7 && sub == 0) {
        d &= ~(1u << 22 | 1u << 24 | 1u << 25); /* AMX */
        if (!avx2) b &= ~(1u << 5);
        if (!vnni512) c &= ~(1u << 11);
        if (!avx512) {
            b &= ~(1u << 16 | 1u << 17 | 1u << 21 | 1u << 26 | 1u << 27 | 1u << 28 | 1u << 30 | 1u << 31);
            c &= ~(1u << 1 | 1u << 6 | 1u << 12 | 1u << 14);
            d &= ~(1u << 2 | 1u << 3 | 1u << 8);
        }
        if (!vnni512) d &= ~(1u << 23); /* AVX512-FP16 comes with CPUs that have VNNI */
    }
    if (leaf == 7 && sub == 1) {
        a &= ~(1u << 21);                        /* AMX-FP16 */
        d &= ~(1u << 4 | 1u << 5);               /* AVX-VNNI-INT8, AVX-NE-CONVERT */
        if (!vnni256) a &= ~(1u << 4);           /* AVX-VNNI */
        if (!vnni512) a &= ~(1u << 5);           /* AVX512-BF16 */
    }
    r[REG_RAX] = a, r[REG_RBX] = b, r[REG_RCX] = c, r[REG_RDX] = d, r[REG_RIP] += 2;
}

__attribute__((constructor)) static void hide(void) {
    const char *mask = getenv("CPU_MASK");
    struct sigaction action = {.sa_sigaction = answer, .sa_flags = SA_SIGINFO | SA_NODEFER};
    if (!mask) return;
    vnni512 = !strcmp(mask, "avx512-vnni");
    vnni256 = vnni512 || !strcmp(mask, "avx2-vnni");
    avx512 = vnni512 || !strcmp(mask, "avx512");
    avx2 = strcmp(mask, "sse");
    sigaction(SIGSEGV, &action, NULL);
    if (syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0)) {
        perror("this CPU cannot hide its features");
        exit(3);
    }
}
