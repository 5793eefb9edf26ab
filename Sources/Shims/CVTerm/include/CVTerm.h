#ifndef CVTERM_H
#define CVTERM_H

// A terminal emulator for tests. libvterm hands out cells with bit fields and unions, and tells of the cursor and
// the title by callbacks; here they are plain values.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct CVTerm_terminal CVTerm_terminal;

// What a colour of a cell is.
typedef enum {
    CVTerm_colour_default = 0,
    CVTerm_colour_indexed = 1,
    CVTerm_colour_rgb = 2,
} CVTerm_colour_kind;

typedef struct {
    CVTerm_colour_kind kind;
    uint8_t index, red, green, blue;
} CVTerm_colour;

typedef struct {
    // The base character and its marks; 0 ends. An empty cell has none. UINT32_MAX follows a wide character.
    uint32_t characters[6];
    int width;
    bool bold, underline, italic, reverse;
    CVTerm_colour foreground, background;
} CVTerm_cell;

typedef struct {
    int cursor_row, cursor_column;
    bool cursor_visible;
    bool alternate_screen;
    int mouse_mode;
    int bells;
} CVTerm_state;

CVTerm_terminal *CVTerm_new(int rows, int columns);
void CVTerm_free(CVTerm_terminal *terminal);
void CVTerm_resize(CVTerm_terminal *terminal, int rows, int columns);
// Feeds what a program wrote.
void CVTerm_write(CVTerm_terminal *terminal, const uint8_t *bytes, size_t count);
// Takes what the terminal answers to a program; returns the number of bytes.
size_t CVTerm_answer(CVTerm_terminal *terminal, uint8_t *bytes, size_t room);
CVTerm_cell CVTerm_cell_at(CVTerm_terminal *terminal, int row, int column);
CVTerm_state CVTerm_state_of(const CVTerm_terminal *terminal);
// The title the program set last; never NULL.
const char *CVTerm_title(const CVTerm_terminal *terminal);

#endif
