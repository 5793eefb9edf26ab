#ifndef CCURSES_H
#define CCURSES_H

// Defined here, not by pkg-config's -D flags: those warn on every build.
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <wchar.h>

// `stdscr`, `COLORS` and the attribute macros are not usable from Swift 6, so every call that needs them is here.
// All calls belong to one thread, and act on the screen that CCurses_open made last.

// How a terminal's description can be missing.
typedef enum {
    CCurses_description_found = 0,
    CCurses_description_missing = 1,
    CCurses_description_generic = 2,
    CCurses_database_missing = 3,
} CCurses_description;

// Whether there is a description for the name; leaves nothing behind.
CCurses_description CCurses_describe(const char *name);

// How many colours the description of the name has, 0 for none and for no description; leaves nothing behind.
int CCurses_described_colours(const char *name);

// Starts curses for the named terminal, with its output going to the file descriptor (which curses owns from then
// on). NULL when that fails.
SCREEN *CCurses_open(const char *name, int output);
// Ends curses and frees the screen.
void CCurses_close(SCREEN *screen);

// A string of the terminal's description; NULL when it has none of that name.
const char *CCurses_capability(const char *name);

// Number of colours and of colour pairs; 0 without colour.
int CCurses_colour_count(void);
int CCurses_pair_count(void);
// Makes a pair of two colours; -1 stands for the terminal's own.
void CCurses_define_pair(int pair, int foreground, int background);

// Columns that curses takes a character to have: wcwidth(3), which hides behind _XOPEN_SOURCE.
int CCurses_width(wchar_t character);

// Attributes of a cell.
enum {
    CCurses_bold = 1,
    CCurses_dim = 2,
    CCurses_underline = 4,
    CCurses_reverse = 8,
    CCurses_italic = 16,
};

// Puts one base character with its combining marks into a cell.
void CCurses_put(int y, int x, const wchar_t *text, int attributes, int pair);
// The look that erased parts of the screen get.
void CCurses_set_background(int pair);
// Tells curses the terminal's size.
void CCurses_resize(int rows, int columns);
// Empties the screen. With `clear`, the terminal is taken to show anything, and the next refresh sends everything.
void CCurses_erase(bool clear);
// Sends what changed. A negative place hides the cursor.
void CCurses_refresh(int cursor_y, int cursor_x);
// Leaves the screen; the next refresh comes back to it.
void CCurses_leave(void);

#endif
