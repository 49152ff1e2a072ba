/* Run a TestU01 battery over raw 32-bit words (native byte order) read from standard input.
 *
 * usage: words | battery [-c] [-r] NAME
 *   -c  Crush instead of SmallCrush
 *   -r  reverse the bits of each word, so that the low bits, which the batteries hardly look
 *       at, come first
 *   NAME is printed in the summary.
 *
 * Exit code: 0 if the battery ran to its end, whatever it found; 2 for wrong use; 3 if the input
 * ended before the battery did.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bbattery.h"
#include "swrite.h"
#include "unif01.h"

#define BUFFER_WORDS 65536

static uint32_t buffer[BUFFER_WORDS];
static size_t position, filled;
static uint64_t consumed;
static int reversed;

static uint32_t reverse_bits(uint32_t x)
{
    x = (x & 0x55555555u) << 1 | (x >> 1 & 0x55555555u);
    x = (x & 0x33333333u) << 2 | (x >> 2 & 0x33333333u);
    x = (x & 0x0F0F0F0Fu) << 4 | (x >> 4 & 0x0F0F0F0Fu);
    x = (x & 0x00FF00FFu) << 8 | (x >> 8 & 0x00FF00FFu);
    return x << 16 | x >> 16;
}

static unsigned int next_word(void)
{
    if (position == filled) {
        position = 0;
        filled = fread(buffer, sizeof buffer[0], BUFFER_WORDS, stdin);
        if (filled == 0) {
            fprintf(stderr, "input ended after %llu words\n", (unsigned long long)consumed);
            exit(3);
        }
    }
    consumed++;
    uint32_t word = buffer[position++];
    return reversed ? reverse_bits(word) : word;
}

int main(int argc, char **argv)
{
    int crush = 0, option;
    while ((option = getopt(argc, argv, "cr")) != -1) {
        if (option == 'c')
            crush = 1;
        else if (option == 'r')
            reversed = 1;
        else
            return 2;
    }
    if (optind != argc - 1) {
        fprintf(stderr, "usage: words | %s [-c] [-r] NAME\n", argv[0]);
        return 2;
    }

    unif01_Gen *generator = unif01_CreateExternGenBits(argv[optind], next_word);
    swrite_Basic = crush; /* Crush takes long: show each test as it ends */
    if (crush)
        bbattery_Crush(generator);
    else
        bbattery_SmallCrush(generator);
    unif01_DeleteExternGenBits(generator);
    printf("words read: %llu\n", (unsigned long long)consumed);
    return 0;
}
