#include "CVTerm.h"

#include <stdlib.h>
#include <string.h>
#include <vterm.h>

struct CVTerm_terminal {
    VTerm *emulator;
    VTermScreen *screen;
    CVTerm_state state;
    char title[1024];
};

static int moved(VTermPos place, VTermPos before, int visible, void *user) {
    (void)before;
    (void)visible;
    CVTerm_terminal *terminal = user;
    terminal->state.cursor_row = place.row;
    terminal->state.cursor_column = place.col;
    return 1;
}

static int rang(void *user) {
    ((CVTerm_terminal *)user)->state.bells++;
    return 1;
}

static int property(VTermProp property, VTermValue *value, void *user) {
    CVTerm_terminal *terminal = user;
    switch (property) {
    case VTERM_PROP_CURSORVISIBLE: terminal->state.cursor_visible = value->boolean; break;
    case VTERM_PROP_ALTSCREEN: terminal->state.alternate_screen = value->boolean; break;
    case VTERM_PROP_MOUSE: terminal->state.mouse_mode = value->number; break;
    case VTERM_PROP_TITLE:
        strncpy(terminal->title, value->string, sizeof terminal->title - 1);
        break;
    default: break;
    }
    return 1;
}

static const VTermScreenCallbacks callbacks = {.movecursor = moved, .bell = rang, .settermprop = property};

CVTerm_terminal *CVTerm_new(int rows, int columns) {
    CVTerm_terminal *terminal = calloc(1, sizeof *terminal);
    terminal->emulator = vterm_new(rows, columns);
    vterm_set_utf8(terminal->emulator, 1);
    terminal->screen = vterm_obtain_screen(terminal->emulator);
    vterm_screen_enable_altscreen(terminal->screen, 1);
    vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
    terminal->state.cursor_visible = true;
    vterm_screen_reset(terminal->screen, 1);
    return terminal;
}

void CVTerm_free(CVTerm_terminal *terminal) {
    vterm_free(terminal->emulator);
    free(terminal);
}

void CVTerm_resize(CVTerm_terminal *terminal, int rows, int columns) {
    vterm_set_size(terminal->emulator, rows, columns);
}

void CVTerm_write(CVTerm_terminal *terminal, const uint8_t *bytes, size_t count) {
    vterm_input_write(terminal->emulator, (const char *)bytes, count);
}

size_t CVTerm_answer(CVTerm_terminal *terminal, uint8_t *bytes, size_t room) {
    return vterm_output_read(terminal->emulator, (char *)bytes, room);
}

static CVTerm_colour plain(VTermColor colour, bool is_default) {
    if (is_default) return (CVTerm_colour){.kind = CVTerm_colour_default};
    if (VTERM_COLOR_IS_INDEXED(&colour)) {
        return (CVTerm_colour){.kind = CVTerm_colour_indexed, .index = colour.indexed.idx};
    }
    return (CVTerm_colour){
        .kind = CVTerm_colour_rgb, .red = colour.rgb.red, .green = colour.rgb.green, .blue = colour.rgb.blue};
}

CVTerm_cell CVTerm_cell_at(CVTerm_terminal *terminal, int row, int column) {
    VTermScreenCell cell;
    vterm_screen_get_cell(terminal->screen, (VTermPos){.row = row, .col = column}, &cell);
    CVTerm_cell result = {
        .width = cell.width,
        .bold = cell.attrs.bold,
        .underline = cell.attrs.underline != 0,
        .italic = cell.attrs.italic,
        .reverse = cell.attrs.reverse,
        .foreground = plain(cell.fg, VTERM_COLOR_IS_DEFAULT_FG(&cell.fg)),
        .background = plain(cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)),
    };
    for (int index = 0; index < VTERM_MAX_CHARS_PER_CELL && index < 6; index++) {
        result.characters[index] = cell.chars[index];
    }
    return result;
}

CVTerm_state CVTerm_state_of(const CVTerm_terminal *terminal) { return terminal->state; }

const char *CVTerm_title(const CVTerm_terminal *terminal) { return terminal->title; }
